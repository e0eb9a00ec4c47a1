// Messages on a byte stream: a length of four bytes, little-endian, and then that many bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace gil::native {

inline constexpr std::size_t frame_header_bytes = 4;
/// A little more than a message, for the kind byte and the numbers around its data.
inline constexpr std::size_t max_frame_bytes = max_json_bytes + 4'096;

/// What stands before a payload of that size. Asserts that it fits.
[[nodiscard]] std::array<std::uint8_t, frame_header_bytes> frame_header(std::size_t payload_size);

/// Header and payload in one buffer. Asserts that the payload fits.
[[nodiscard]] std::vector<std::uint8_t> make_frame(std::span<const std::uint8_t> payload);

/// Puts frames together from whatever pieces a stream delivers. Not thread-safe.
class FrameReader {
  public:
    /// What one read brought.
    enum class Status {
        more,    ///< the descriptor has nothing right now (non-blocking)
        closed,  ///< end of file, or the peer is gone
        garbage, ///< a length that no message has; nothing after it can be trusted
    };

    /// Reads a non-blocking descriptor until it is empty or 8 MiB are in (then `more` as well: poll again). The end of
    /// the file after a small frame may show in the next call only.
    [[nodiscard]] Status read_from(int fd);

    /// The same for a blocking socket. `wait`: when there is nothing, waits for something first.
    [[nodiscard]] Status read_from_socket(int socket, bool wait);

    /// The next whole frame's payload, oldest first.
    [[nodiscard]] std::optional<std::vector<std::uint8_t>> next();

    /// Bytes of a frame that has not ended.
    [[nodiscard]] std::size_t unread() const { return buffer_.size() - taken_ + large_got_; }

  private:
    template<class Read>
    [[nodiscard]] Status read_with(Read read);
    [[nodiscard]] std::optional<std::size_t> announced() const;
    void begin_large_frame();

    std::vector<std::uint8_t> buffer_;
    std::size_t taken_ = 0; ///< bytes of buffer_ that were handed out
    /// A frame of more than a piece is read straight to where it will be handed out, as large reads.
    std::optional<std::vector<std::uint8_t>> large_;
    std::size_t large_got_ = 0;
};

/// Reads one frame from a blocking descriptor.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_frame(int fd);

} // namespace gil::native
