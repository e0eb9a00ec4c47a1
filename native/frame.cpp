#include "native/frame.h"

#include <unistd.h>

#include <array>
#include <cassert>
#include <cerrno>

#include "native/posix.h"

namespace gil::native {

namespace {

std::size_t length_in(std::span<const std::uint8_t> header) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < frame_header_bytes; ++i) length |= std::size_t{header[i]} << (8 * i);
    return length;
}

} // namespace

std::vector<std::uint8_t> make_frame(std::span<const std::uint8_t> payload) {
    assert(payload.size() <= max_frame_bytes);
    std::vector<std::uint8_t> frame;
    frame.reserve(frame_header_bytes + payload.size());
    for (std::size_t i = 0; i < frame_header_bytes; ++i) {
        frame.push_back(static_cast<std::uint8_t>(payload.size() >> (8 * i)));
    }
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

std::optional<std::size_t> FrameReader::announced() const {
    if (unread() < frame_header_bytes) return std::nullopt;
    return length_in(std::span(buffer_).subspan(taken_, frame_header_bytes));
}

FrameReader::Status FrameReader::read_from(int fd) {
    constexpr std::size_t read_at_once = 8u << 20;
    std::array<std::uint8_t, 65'536> piece;
    std::size_t total = 0;
    while (total < read_at_once) {
        const ssize_t got = ::read(fd, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Status::more;
        if (got <= 0) return Status::closed;
        const auto count = static_cast<std::size_t>(got);
        buffer_.insert(buffer_.end(), piece.begin(), piece.begin() + got);
        total += count;
        if (const auto length = announced(); length && *length > max_frame_bytes) return Status::garbage;
    }
    return Status::more;
}

std::optional<std::vector<std::uint8_t>> FrameReader::next() {
    const auto length = announced();
    if (!length || *length > max_frame_bytes || unread() < frame_header_bytes + *length) return std::nullopt;
    const auto begin = buffer_.begin() + static_cast<std::ptrdiff_t>(taken_ + frame_header_bytes);
    std::vector<std::uint8_t> payload(begin, begin + static_cast<std::ptrdiff_t>(*length));
    taken_ += frame_header_bytes + *length;
    if (taken_ == buffer_.size()) {
        buffer_.clear();
        taken_ = 0;
    }
    return payload;
}

Result<std::vector<std::uint8_t>> read_frame(int fd) {
    std::array<std::uint8_t, frame_header_bytes> header{};
    if (!read_all(fd, header)) return Error{"", "the message ended early", ""};
    const std::size_t length = length_in(header);
    if (length > max_frame_bytes) return Error{"", "a message of " + std::to_string(length) + " bytes", "64 MiB"};
    std::vector<std::uint8_t> payload(length);
    if (!read_all(fd, payload)) return Error{"", "the message ended early", ""};
    return payload;
}

} // namespace gil::native
