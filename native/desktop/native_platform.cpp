#include "native/desktop/native_platform.h"

#include <SDL.h>

#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

extern char** environ;

namespace gil::native {

NativePlatform::NativePlatform(std::string state, const EngineProcess& engine)
    : state_(std::move(state)), engine_(engine) {}

bool NativePlatform::prefers_dark() const {
    const char* theme = std::getenv("GTK_THEME");
    return theme && std::string_view(theme).ends_with("dark");
}

void NativePlatform::copy_to_clipboard(const std::string& text) {
    SDL_SetClipboardText(text.c_str());
}

void NativePlatform::open_url(const std::string& url) {
    // Only what a browser opens; anything else might be taken for an option or a program.
    if (!url.starts_with("https://") && !url.starts_with("http://")) return;
    std::string program = "xdg-open";
    std::string address = url;
    std::array<char*, 3> arguments{program.data(), address.data(), nullptr};
    pid_t pid = -1;
    has_helpers_ = ::posix_spawnp(&pid, "xdg-open", nullptr, nullptr, arguments.data(), environ) == 0 || has_helpers_;
}

void NativePlatform::set_summary(const Json& summary) {
    const std::string title = summary.value("title", std::string());
    if (SDL_Window* window = SDL_GL_GetCurrentWindow(); window && !title.empty()) {
        SDL_SetWindowTitle(window, (title + " - GIL Playground").c_str());
    }
}

bool NativePlatform::reap_helpers() {
    if (!has_helpers_) return false;
    for (;;) {
        siginfo_t ended{};
        // The engine's end is EngineProcess's to read: look first, without reaping.
        if (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) != 0) return has_helpers_;
        if (ended.si_pid == 0 || ended.si_pid == engine_.pid()) return has_helpers_;
        ::waitpid(ended.si_pid, nullptr, WNOHANG);
    }
}

} // namespace gil::native
