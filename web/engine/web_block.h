// Memory that several Workers see: a SharedArrayBuffer outside of the module's memory (library_blocks.js).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/measure/host.h"

namespace gil::web {

class WebBlock final : public SharedBlock {
  public:
    /// An Error when there is not so much memory.
    [[nodiscard]] static Result<std::shared_ptr<SharedBlock>> create(std::size_t bytes);
    /// `handle` as library_blocks.js gave it; 0 gives nullptr. The block is given back with the object.
    [[nodiscard]] static std::shared_ptr<SharedBlock> adopt(int handle);

    ~WebBlock() override;
    WebBlock(const WebBlock&) = delete;
    WebBlock& operator=(const WebBlock&) = delete;

    [[nodiscard]] int handle() const { return handle_; }

    [[nodiscard]] std::size_t size() const override { return size_; }
    [[nodiscard]] std::int64_t load(std::size_t index) const override;
    void store(std::size_t index, std::int64_t value) override;
    void read(std::size_t offset, std::span<std::uint8_t> to) const override;
    void write(std::size_t offset, std::span<const std::uint8_t> from) override;
    void lock() override;
    [[nodiscard]] bool try_lock() override;
    void unlock() override;

  private:
    WebBlock(int handle, std::size_t size) : handle_(handle), size_(size) {}

    int handle_;
    std::size_t size_;
};

} // namespace gil::web
