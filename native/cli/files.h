// Files that the command line names: read without waiting for anybody, written whole or not at all.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.h"
#include "native/base/posix.h"

namespace gil::native {

/// A whole text file, "-" for standard input; at most max_json_bytes. Only a regular file, or what a descriptor of this
/// process is ("/dev/stdin", "/dev/fd/63" of a shell's <(...)): a named pipe would be waited for. Blocks.
[[nodiscard]] Result<std::string> read_text(const std::string& path);

/// A file that an option names: looked at before the run, so that a bad path is known at once, and replaced in one go
/// when there is something to write. Until then, and when that fails or this process is killed, there is what was there
/// before, be it nothing.
///
/// The new content is written beside the old and takes its place, its permissions and its owner; of a symbolic link the
/// target is replaced. Written in place is what is no regular file, a file with several names or of another owner, and
/// one in a folder that takes no new files.
class OutFile {
  public:
    /// Errors call it `option` ("--trace") and the path. A pipe that nobody reads is waited for, 2 s.
    [[nodiscard]] static Result<OutFile> open(std::string_view option, const std::string& path);
    OutFile(OutFile&&) = default;
    OutFile& operator=(OutFile&&) = delete;
    ~OutFile() = default;

    /// Replaces what is in the file. Once; blocks.
    [[nodiscard]] Result<Nothing> write(std::string_view text);

  private:
    explicit OutFile(std::string place) : place_(std::move(place)) {}
    // All of these: an errno value, 0 when it went well.
    int open_existing(const std::string& path);
    int open_target(UniqueFd fd);
    int open_missing(const std::string& path);
    int prepare_beside(const std::string& path);
    [[nodiscard]] UniqueFd create_beside(const std::string& name) const;
    int write_beside(std::string_view text);
    int write_in_place(std::string_view text) const;
    int take_place();
    [[nodiscard]] int adopt_owner() const;

    std::string place_;
    UniqueFd fd_;      ///< where to write in place; or a file without a name, which gets one when it is whole
    UniqueFd old_;     ///< what is to be replaced, where there is something
    UniqueFd folder_;  ///< valid: the new content is written beside the old, in this folder
    std::string name_; ///< in folder_
    bool exists_ = false;
    bool is_regular_ = false; ///< to be cut off where the new content ends
    mode_t mode_ = 0;         ///< of the old file, with its owner
    uid_t user_ = 0;
    gid_t group_ = 0;
};

} // namespace gil::native
