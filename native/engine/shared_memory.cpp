#include "native/engine/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstring>

namespace gil::native {

namespace {

constexpr std::size_t largest_counters = 64 << 10;

} // namespace

SharedMemory::SharedMemory(UniqueFd fd, void* mapping, std::size_t bytes)
    : fd_(std::move(fd)), mapping_(mapping), bytes_(bytes) {}

SharedMemory::~SharedMemory() {
    ::munmap(mapping_, sizeof(Header) + bytes_);
}

Result<void*> SharedMemory::map(int fd, std::size_t bytes) {
    void* mapping = ::mmap(nullptr, sizeof(Header) + bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapping == MAP_FAILED) return system_error("shared memory", "cannot be mapped", errno);
    // Counters come into being now and not at the first access, which would be part of somebody's turn; since Linux
    // 5.14. Data is touched by whoever writes it, as in every shared memory.
    if (bytes <= largest_counters) (void)::madvise(mapping, sizeof(Header) + bytes, MADV_POPULATE_WRITE);
    return mapping;
}

Result<std::shared_ptr<SharedMemory>> SharedMemory::create(std::size_t bytes) {
    UniqueFd fd(::memfd_create("gilplay", MFD_CLOEXEC));
    if (!fd.valid()) return system_error("shared memory", "cannot be made", errno);
    if (::ftruncate(fd.get(), static_cast<off_t>(sizeof(Header) + bytes)) != 0) {
        return system_error("shared memory", "of " + std::to_string(bytes) + " bytes cannot be made", errno);
    }
    auto mapping = map(fd.get(), bytes);
    if (!mapping) return mapping.error();
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    ::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    ::pthread_mutex_init(&static_cast<Header*>(mapping.value())->mutex, &attributes);
    ::pthread_mutexattr_destroy(&attributes);
    return std::shared_ptr<SharedMemory>(new SharedMemory(std::move(fd), mapping.value(), bytes));
}

Result<std::shared_ptr<SharedMemory>> SharedMemory::adopt(UniqueFd fd) {
    struct stat about {};
    if (::fstat(fd.get(), &about) != 0) return system_error("shared memory", "cannot be looked at", errno);
    const auto whole = static_cast<std::size_t>(about.st_size);
    if (whole < sizeof(Header)) return Error{"shared memory", "is too small", ""};
    auto mapping = map(fd.get(), whole - sizeof(Header));
    if (!mapping) return mapping.error();
    return std::shared_ptr<SharedMemory>(new SharedMemory(std::move(fd), mapping.value(), whole - sizeof(Header)));
}

std::atomic_ref<std::int64_t> SharedMemory::word(std::size_t index) const {
    assert((index + 1) * sizeof(std::int64_t) <= bytes_);
    return std::atomic_ref(reinterpret_cast<std::int64_t*>(data())[index]);
}

std::int64_t SharedMemory::load(std::size_t index) const {
    return word(index).load(std::memory_order_relaxed);
}

void SharedMemory::store(std::size_t index, std::int64_t value) {
    word(index).store(value, std::memory_order_relaxed);
}

void SharedMemory::read(std::size_t offset, std::span<std::uint8_t> to) const {
    assert(offset + to.size() <= bytes_);
    std::memcpy(to.data(), data() + offset, to.size());
}

void SharedMemory::write(std::size_t offset, std::span<const std::uint8_t> from) {
    assert(offset + from.size() <= bytes_);
    std::memcpy(data() + offset, from.data(), from.size());
}

std::shared_ptr<SharedBlock> SharedMemory::map_again() const {
    auto again = adopt(UniqueFd(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0)));
    return again ? std::shared_ptr<SharedBlock>(std::move(again.value())) : nullptr;
}

void SharedMemory::lock() {
    if (::pthread_mutex_lock(&header().mutex) == EOWNERDEAD) ::pthread_mutex_consistent(&header().mutex);
}

bool SharedMemory::try_lock() {
    const int result = ::pthread_mutex_trylock(&header().mutex);
    if (result == EOWNERDEAD) ::pthread_mutex_consistent(&header().mutex);
    return result == 0 || result == EOWNERDEAD;
}

void SharedMemory::unlock() {
    ::pthread_mutex_unlock(&header().mutex);
}

} // namespace gil::native
