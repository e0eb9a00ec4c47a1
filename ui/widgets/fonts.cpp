#include "ui/widgets/fonts.h"

#include <cassert>
#include <span>
#include <string_view>

#include "core/base/embedded.h"

namespace gil {

// Made from ui/fonts by gil_embed (cmake/embed.cmake).
std::span<const EmbeddedFile> font_files();

} // namespace gil

namespace gil::ui {

namespace {

ImFont* add_font(std::string_view name) {
    for (const EmbeddedFile& file : font_files()) {
        if (file.name != name) continue;
        ImFontConfig config;
        config.FontDataOwnedByAtlas = false;
        // ImGui never writes to data that it does not own, but takes a plain pointer.
        void* bytes = const_cast<char*>(file.bytes.data());
        const auto length = static_cast<int>(file.bytes.size());
        return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(bytes, length, size::normal, &config);
    }
    assert(false && "every font is embedded");
    return nullptr;
}

} // namespace

Fonts load_fonts() {
    Fonts fonts;
    fonts.regular = add_font("Inter-Regular.otf");
    fonts.semibold = add_font("Inter-SemiBold.otf");
    fonts.mono = add_font("JetBrainsMono-Regular.ttf");
    ImGui::GetIO().FontDefault = fonts.regular;
    return fonts;
}

} // namespace gil::ui
