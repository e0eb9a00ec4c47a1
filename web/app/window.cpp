#include "web/app/window.h"

#include <algorithm>
#include <cmath>

#include <SDL.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>
#include <imgui_internal.h>

#include <GLES3/gl3.h>

namespace gil::web {
namespace {

constexpr const char* canvas = "#canvas";

/// Mouse, touch and wheel come from input.js, which leaves them to the embedding page until the canvas is focused and
/// has sub-pixel positions; SDL would take every one of them.
void leave_pointer_to_the_page() {
    for (const Uint32 type : {SDL_MOUSEMOTION, SDL_MOUSEBUTTONDOWN, SDL_MOUSEBUTTONUP, SDL_MOUSEWHEEL, SDL_FINGERDOWN,
                              SDL_FINGERUP, SDL_FINGERMOTION})
        SDL_EventState(type, SDL_IGNORE);
}

void read_keys() {
    SDL_Event event;
    while (SDL_PollEvent(&event) != 0) {
        if (event.type == SDL_KEYDOWN || event.type == SDL_KEYUP || event.type == SDL_TEXTINPUT)
            ImGui_ImplSDL2_ProcessEvent(&event);
    }
}

} // namespace

std::string Window::open() {
    SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, canvas);
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_EMSCRIPTEN_ASYNCIFY, "0");
    if (SDL_Init(SDL_INIT_VIDEO) != 0) return SDL_GetError();
    leave_pointer_to_the_page();
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
    SDL_GL_SetAttribute(SDL_GL_ALPHA_SIZE, 0);
    SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
    SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
    // Neither resizable nor high-DPI in SDL's eyes: then it never touches the size of the canvas.
    window_ = SDL_CreateWindow("GIL Playground", 0, 0, 64, 64, SDL_WINDOW_OPENGL);
    if (window_ == nullptr) return SDL_GetError();
    context_ = SDL_GL_CreateContext(window_);
    if (context_ == nullptr) return SDL_GetError();

    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.ConfigInputTextCursorBlink = false; // a blinking cursor would draw for ever
    ImGui_ImplSDL2_InitForOpenGL(window_, context_);
    ImGui_ImplOpenGL3_Init("#version 300 es");
    return "";
}

Window::~Window() {
    if (context_ != nullptr) {
        ImGui_ImplOpenGL3_Shutdown();
        ImGui_ImplSDL2_Shutdown();
        ImGui::DestroyContext();
        SDL_GL_DeleteContext(context_);
    }
    if (window_ != nullptr) SDL_DestroyWindow(window_);
}

void Window::resize(double css_width, double css_height, int pixel_width, int pixel_height) {
    width_ = std::max(1.0F, static_cast<float>(css_width));
    height_ = std::max(1.0F, static_cast<float>(css_height));
    pixel_width_ = std::max(1, pixel_width);
    pixel_height_ = std::max(1, pixel_height);
    scale_ = static_cast<float>(pixel_width_) / width_;
}

void Window::begin_frame() {
    int width = 0;
    int height = 0;
    emscripten_get_canvas_element_size(canvas, &width, &height);
    // A new size clears the canvas, so it is set only in a frame that draws it anew.
    if (width != pixel_width_ || height != pixel_height_)
        emscripten_set_canvas_element_size(canvas, pixel_width_, pixel_height_);
    read_keys();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplSDL2_NewFrame();
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = ImVec2(width_, height_);
    io.DisplayFramebufferScale = ImVec2(scale_, static_cast<float>(pixel_height_) / height_);
    // No frame was drawn while nothing happened; that pause is not an animation's time.
    io.DeltaTime = std::clamp(io.DeltaTime, 0.001F, 0.5F);
    ImGui::NewFrame();
    // ImGui tells only the font that is pushed; the front end also draws with the others by name.
    for (ImFont* font : io.Fonts->Fonts) font->CurrentRasterizerDensity = scale_;
    const ImGuiContext& g = *ImGui::GetCurrentContext();
    escape_is_free_ = ImGui::IsKeyPressed(ImGuiKey_Escape, false) && g.ActiveId == 0 && g.OpenPopupStack.empty();
}

void Window::end_frame() {
    ImGui::Render();
    glViewport(0, 0, pixel_width_, pixel_height_);
    const ImVec4 back = ImGui::GetStyleColorVec4(ImGuiCol_WindowBg);
    glClearColor(back.x, back.y, back.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    SDL_GL_SwapWindow(window_);
}

int Window::leaving() {
    ImGuiContext& g = *ImGui::GetCurrentContext();
    int direction = 0;
    if (g.NavMoveSubmitted && (g.NavMoveFlags & ImGuiNavMoveFlags_IsTabbing) != 0) {
        // ImGui applies a request at the next frame. Without a result it would wrap around to the other end.
        if (g.NavTabbingDir > 0 && g.NavMoveResultLocal.ID == 0 && g.NavTabbingCounter == 1) direction = 1;
        if (g.NavTabbingDir < 0 && g.NavMoveScoringItems) direction = -1;
    }
    if (direction == 0 && escape_is_free_) direction = 2;
    if (direction != 0) {
        ImGui::NavMoveRequestCancel();
        g.NavId = 0;
        g.NavCursorVisible = false;
    }
    return direction;
}

bool Window::has_queued_input() const {
    return !ImGui::GetCurrentContext()->InputEventsQueue.empty();
}

} // namespace gil::web
