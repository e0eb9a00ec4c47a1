#include "native/base/frame.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <utility>

#include "native/base/posix.h"

namespace gil::native {

namespace {

constexpr std::size_t piece_bytes = 65'536;

std::size_t length_in(std::span<const std::uint8_t> header) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < frame_header_bytes; ++i) length |= std::size_t{header[i]} << (8 * i);
    return length;
}

} // namespace

std::array<std::uint8_t, frame_header_bytes> frame_header(std::size_t payload_size) {
    assert(payload_size <= max_frame_bytes);
    std::array<std::uint8_t, frame_header_bytes> header{};
    for (std::size_t i = 0; i < header.size(); ++i) header[i] = static_cast<std::uint8_t>(payload_size >> (8 * i));
    return header;
}

std::vector<std::uint8_t> make_frame(std::span<const std::uint8_t> payload) {
    const auto header = frame_header(payload.size());
    std::vector<std::uint8_t> frame;
    frame.reserve(header.size() + payload.size());
    frame.insert(frame.end(), header.begin(), header.end());
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

std::optional<std::size_t> FrameReader::announced() const {
    if (buffer_.size() - taken_ < frame_header_bytes) return std::nullopt;
    return length_in(std::span(buffer_).subspan(taken_, frame_header_bytes));
}

/// When the frame that stands next in the buffer is a large one that has not arrived whole.
void FrameReader::begin_large_frame() {
    const auto length = announced();
    if (!length || *length < piece_bytes || *length > max_frame_bytes) return;
    const std::size_t here = buffer_.size() - taken_ - frame_header_bytes;
    if (here >= *length) return;
    large_.emplace(*length);
    std::copy(buffer_.end() - static_cast<std::ptrdiff_t>(here), buffer_.end(), large_->begin());
    large_got_ = here;
    buffer_.clear();
    taken_ = 0;
}

FrameReader::Status FrameReader::read_from(int fd) {
    return read_with([fd](std::uint8_t* to, std::size_t room) { return ::read(fd, to, room); });
}

FrameReader::Status FrameReader::read_from_socket(int socket, bool wait) {
    return read_with([socket, wait](std::uint8_t* to, std::size_t room) mutable {
        return ::recv(socket, to, room, std::exchange(wait, false) ? 0 : MSG_DONTWAIT);
    });
}

template<class Read>
FrameReader::Status FrameReader::read_with(Read read) {
    constexpr std::size_t read_at_once = 8u << 20;
    std::array<std::uint8_t, piece_bytes> piece;
    std::size_t total = 0;
    while (total < read_at_once) {
        const bool whole = large_ && large_got_ == large_->size();
        if (whole) return Status::more; // to be taken first
        std::uint8_t* to = large_ ? large_->data() + large_got_ : piece.data();
        const std::size_t room = large_ ? large_->size() - large_got_ : piece.size();
        const ssize_t got = read(to, room);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Status::more;
        if (got <= 0) return Status::closed;
        total += static_cast<std::size_t>(got);
        if (large_) {
            large_got_ += static_cast<std::size_t>(got);
            continue;
        }
        buffer_.insert(buffer_.end(), piece.begin(), piece.begin() + got);
        if (const auto length = announced(); length && *length > max_frame_bytes) return Status::garbage;
        // Only the frame that stands first: what is before it must be handed out first.
        begin_large_frame();
        if (static_cast<std::size_t>(got) < room && !large_) return Status::more; // that was all there is
    }
    return Status::more;
}

std::optional<std::vector<std::uint8_t>> FrameReader::next() {
    if (large_) {
        if (large_got_ < large_->size()) return std::nullopt;
        large_got_ = 0;
        return std::exchange(large_, std::nullopt);
    }
    const auto length = announced();
    const std::size_t here = buffer_.size() - taken_;
    if (!length || *length > max_frame_bytes || here < frame_header_bytes + *length) return std::nullopt;
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
