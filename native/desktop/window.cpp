#include "native/desktop/window.h"

#include <SDL.h>
#include <SDL_opengl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "native/picture/picture_file.h"

namespace gil::native {

namespace {

Error no_window(const char* what) {
    return Error{"", std::string("no window can be opened: ") + what + ": " + SDL_GetError(), ""};
}

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value && *value;
}

/// Where no display answers SDL falls back to a driver that draws into the void.
bool shows_nothing() {
    const char* driver = SDL_GetCurrentVideoDriver();
    const std::string name = driver ? driver : "";
    return !is_set("SDL_VIDEODRIVER") && (name == "dummy" || name == "offscreen" || name == "evdev" || name.empty());
}

/// Not larger than the screen has room for.
void fit_screen(int& width, int& height) {
    SDL_Rect room;
    if (SDL_GetDisplayUsableBounds(0, &room) != 0 || room.w < 1 || room.h < 1) return;
    width = std::min(width, room.w);
    height = std::min(height, room.h);
}

/// On X11 a window's units are device pixels, and how large a CSS pixel should be has to be guessed.
float desktop_scale() {
    if (const char* wanted = std::getenv("GDK_SCALE")) {
        const float value = std::strtof(wanted, nullptr);
        if (value >= 1 && value <= 4) return value;
    }
    const char* driver = SDL_GetCurrentVideoDriver();
    float dpi = 96;
    if (!driver || std::string(driver) != "x11" || SDL_GetDisplayDPI(0, nullptr, &dpi, nullptr) != 0) return 1;
    // Physical densities up to that are usual for a desktop that is not scaled.
    if (!(dpi >= 1.5f * 96)) return 1;
    return std::min(std::floor(dpi / 96 * 4) / 4, 4.0f);
}

int scaled(int value, float by) {
    return static_cast<int>(std::lround(static_cast<float>(value) * by));
}

} // namespace

Result<std::unique_ptr<Window>> Window::open(const char* title, int width, int height) {
    // Without these SDL would take a driver that shows nothing anywhere.
    if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") && !is_set("SDL_VIDEODRIVER")) {
        return Error{"", "no window can be opened: neither DISPLAY nor WAYLAND_DISPLAY is set", ""};
    }
    if (SDL_Init(SDL_INIT_VIDEO) != 0) return no_window("SDL");
    if (shows_nothing()) {
        SDL_Quit();
        return Error{"", "no window can be opened: the display that DISPLAY or WAYLAND_DISPLAY names does not answer",
                     ""};
    }
    std::unique_ptr<Window> window(new Window);
    window->window_scale_ = desktop_scale();
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 2);
    SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
    int wide = scaled(width, window->window_scale_);
    int high = scaled(height, window->window_scale_);
    fit_screen(wide, high);
    window->window_ = SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, wide, high,
                                       SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!window->window_) return no_window("SDL");
    SDL_SetWindowMinimumSize(window->window_, scaled(360, window->window_scale_), scaled(420, window->window_scale_));
    window->context_ = SDL_GL_CreateContext(window->window_);
    if (!window->context_) return no_window("OpenGL 3.2");
    SDL_GL_SetSwapInterval(1);
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    window->has_backend_ = true;
    ImGui_ImplSDL2_InitForOpenGL(window->window_, window->context_);
    if (!ImGui_ImplOpenGL3_Init("#version 150")) return Error{"", "no window can be opened: OpenGL 3.2 is missing", ""};
    window->measure();
    return window;
}

Window::~Window() {
    if (has_backend_) {
        ImGui_ImplOpenGL3_Shutdown();
        ImGui_ImplSDL2_Shutdown();
        ImGui::DestroyContext();
    }
    if (context_) SDL_GL_DeleteContext(context_);
    if (window_) SDL_DestroyWindow(window_);
    SDL_Quit();
}

bool Window::visible() const {
    return (SDL_GetWindowFlags(window_) & (SDL_WINDOW_MINIMIZED | SDL_WINDOW_HIDDEN)) == 0;
}

void Window::measure() {
    int width = 1;
    int height = 1;
    int pixels = 1;
    int pixels_high = 1;
    SDL_GetWindowSize(window_, &width, &height);
    SDL_GL_GetDrawableSize(window_, &pixels, &pixels_high);
    scale_ = window_scale_ * static_cast<float>(pixels) / static_cast<float>(std::max(width, 1));
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = ImVec2(static_cast<float>(width) / window_scale_, static_cast<float>(height) / window_scale_);
    io.DisplayFramebufferScale = ImVec2(scale_, scale_);
}

void Window::process(const SDL_Event& event) {
    SDL_Event in_css_pixels = event;
    if (event.type == SDL_MOUSEMOTION) {
        in_css_pixels.motion.x = scaled(event.motion.x, 1 / window_scale_);
        in_css_pixels.motion.y = scaled(event.motion.y, 1 / window_scale_);
    }
    ImGui_ImplSDL2_ProcessEvent(&in_css_pixels);
}

void Window::begin_frame() {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplSDL2_NewFrame();
    measure();
    if (window_scale_ != 1 && SDL_GetMouseFocus() == window_) {
        // The backend has just told the position in window units; the last word wins.
        int x = 0;
        int y = 0;
        SDL_GetMouseState(&x, &y);
        ImGui::GetIO().AddMousePosEvent(static_cast<float>(x) / window_scale_, static_cast<float>(y) / window_scale_);
    }
    ImGui::NewFrame();
}

void Window::end_frame() {
    ImGui::Render();
    int width = 0;
    int height = 0;
    SDL_GL_GetDrawableSize(window_, &width, &height);
    glViewport(0, 0, width, height);
    const ImVec4 background = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
    glClearColor(background.x, background.y, background.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void Window::show() {
    SDL_GL_SwapWindow(window_);
}

Result<Nothing> Window::save_screenshot(const std::string& path) const {
    int width = 0;
    int height = 0;
    SDL_GL_GetDrawableSize(window_, &width, &height);
    Picture picture = blank_picture(width, height);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    // OpenGL's rows begin at the bottom.
    const std::size_t row_bytes = static_cast<std::size_t>(width) * 3;
    std::uint8_t* row = picture.pixels.data();
    for (int y = height - 1; y >= 0; --y, row += row_bytes) {
        glReadPixels(0, y, width, 1, GL_RGB, GL_UNSIGNED_BYTE, row);
    }
    return save_png(picture, path);
}

} // namespace gil::native
