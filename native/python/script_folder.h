// Where a script for a Python lies while it runs, and what is left of such folders where nobody could clear up.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "native/base/posix.h"

namespace gil::native {

/// A folder that only we can write to, gone with this object, and with it what a Python that is ended leaves there
/// (multiprocessing's sockets). A script's folder is searched for modules first, so it must not be one where others may
/// put some. It is locked as long as this lives, so that others can tell it from one whose owner was killed.
class ScriptFolder {
  public:
    /// In TMPDIR, else /tmp. The first of a process also sweeps there.
    ScriptFolder();
    ~ScriptFolder();
    ScriptFolder(const ScriptFolder&) = delete;
    ScriptFolder& operator=(const ScriptFolder&) = delete;

    /// The path of a new file with that text; an Error also when the folder itself could not be made.
    [[nodiscard]] Result<std::string> write(const std::string& name, std::string_view text) const;

    /// A folder in it, made now; empty when it cannot be.
    [[nodiscard]] std::string temporary() const;

    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
    UniqueFd lock_;
    int error_ = 0;
};

/// Removes the script folders in `folder` that are ours, are no longer locked and have not changed for a minute: those
/// of processes that were killed. Links are not followed.
void sweep_script_folders(const std::string& folder);

} // namespace gil::native
