#include "web/engine/web_block.h"

#include <cassert>
#include <string>

extern "C" {
// library_blocks.js. Any thread.

int gil_create_block(std::size_t bytes);
void gil_free_block(int handle);
std::size_t gil_block_size(int handle);
void gil_block_load(int handle, std::size_t index, std::int64_t* to);
void gil_block_store(int handle, std::size_t index, const std::int64_t* from);
void gil_block_read(int handle, std::size_t offset, std::uint8_t* to, std::size_t size);
void gil_block_write(int handle, std::size_t offset, const std::uint8_t* from, std::size_t size);
void gil_block_lock(int handle);
/// 1: taken.
int gil_block_try_lock(int handle);
void gil_block_unlock(int handle);
}

namespace gil::web {

Result<std::shared_ptr<SharedBlock>> WebBlock::create(std::size_t bytes) {
    const int handle = gil_create_block(bytes);
    if (handle == 0) return Error{"shared memory", "of " + std::to_string(bytes) + " bytes cannot be made", ""};
    return std::shared_ptr<SharedBlock>(new WebBlock(handle, bytes));
}

std::shared_ptr<SharedBlock> WebBlock::adopt(int handle) {
    if (handle == 0) return nullptr;
    return std::shared_ptr<SharedBlock>(new WebBlock(handle, gil_block_size(handle)));
}

WebBlock::~WebBlock() {
    gil_free_block(handle_);
}

std::int64_t WebBlock::load(std::size_t index) const {
    assert((index + 1) * sizeof(std::int64_t) <= size_);
    std::int64_t value = 0;
    gil_block_load(handle_, index, &value);
    return value;
}

void WebBlock::store(std::size_t index, std::int64_t value) {
    assert((index + 1) * sizeof(std::int64_t) <= size_);
    gil_block_store(handle_, index, &value);
}

void WebBlock::read(std::size_t offset, std::span<std::uint8_t> to) const {
    assert(offset + to.size() <= size_);
    gil_block_read(handle_, offset, to.data(), to.size());
}

void WebBlock::write(std::size_t offset, std::span<const std::uint8_t> from) {
    assert(offset + from.size() <= size_);
    gil_block_write(handle_, offset, from.data(), from.size());
}

void WebBlock::lock() {
    gil_block_lock(handle_);
}

bool WebBlock::try_lock() {
    return gil_block_try_lock(handle_) != 0;
}

void WebBlock::unlock() {
    gil_block_unlock(handle_);
}

} // namespace gil::web
