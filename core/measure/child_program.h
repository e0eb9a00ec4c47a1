// The inside of a child process, whatever platform made it: does what its parent's messages say.
#pragma once

#include <functional>
#include <memory>

#include "core/measure/child_message.h"
#include "core/measure/host.h"

namespace gil {

class ChildProgram {
  public:
    /// `send` takes one message for the parent and must not call back; `leave` ends the child once all that was sent is
    /// out, and is called last. `host` must outlive the program. Everything on the child's event loop.
    ChildProgram(Host& host, std::function<void(Bytes)> send, std::function<void()> leave);
    ~ChildProgram();
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    /// One message of the parent. A job of threads blocks while it lasts.
    void receive(Bytes message);
    /// The parent will send nothing more: the child reports and leaves once its work is done.
    void closed();

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace gil
