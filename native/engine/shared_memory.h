// core's SharedBlock on Linux: anonymous shared memory behind a descriptor, which travels to other processes by itself.
#pragma once

#include <pthread.h>

#include <atomic>
#include <memory>

#include "core/measure/host.h"
#include "native/base/posix.h"

namespace gil::native {

/// A memfd that is mapped here. No name in the file system, so nothing can be left behind.
class SharedMemory : public SharedBlock {
  public:
    /// A new block of zeros.
    [[nodiscard]] static Result<std::shared_ptr<SharedMemory>> create(std::size_t bytes);
    /// One that another process has made.
    [[nodiscard]] static Result<std::shared_ptr<SharedMemory>> adopt(UniqueFd fd);
    ~SharedMemory() override;
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] std::size_t size() const override { return bytes_; }
    [[nodiscard]] std::int64_t load(std::size_t index) const override;
    void store(std::size_t index, std::int64_t value) override;
    void read(std::size_t offset, std::span<std::uint8_t> to) const override;
    void write(std::size_t offset, std::span<const std::uint8_t> from) override;
    [[nodiscard]] std::shared_ptr<SharedBlock> map_again() const override;
    void lock() override;
    [[nodiscard]] bool try_lock() override;
    void unlock() override;

  private:
    /// Stands before the data. The mutex is robust: a process that dies with it does not stop the others.
    struct alignas(64) Header {
        pthread_mutex_t mutex;
    };
    SharedMemory(UniqueFd fd, void* mapping, std::size_t bytes);
    [[nodiscard]] static Result<void*> map(int fd, std::size_t bytes);
    [[nodiscard]] Header& header() const { return *static_cast<Header*>(mapping_); }
    [[nodiscard]] std::uint8_t* data() const { return static_cast<std::uint8_t*>(mapping_) + sizeof(Header); }
    [[nodiscard]] std::atomic_ref<std::int64_t> word(std::size_t index) const;

    UniqueFd fd_;
    void* mapping_;
    std::size_t bytes_;
};

} // namespace gil::native
