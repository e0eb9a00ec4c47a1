// Waits that are a number of operations: writing a file through to the disk and reading it back, and SQLite queries.
#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/scenario/scenario.h"

namespace gil::native {

/// Does `count` operations and checks what comes back; blocks the calling thread. Any thread. `kind` is file or
/// database. An operation of a file: 64 KiB written to an unnamed temporary file, made durable (fdatasync), read back,
/// compared. One of a database: a query over an in-memory table of 1,000 rows whose answer is known.
[[nodiscard]] Result<Nothing> do_operations(WaitKind kind, std::uint64_t count);

/// Empty when operations of this kind can be done here; else why not.
[[nodiscard]] std::string why_no_operations(WaitKind kind);

} // namespace gil::native
