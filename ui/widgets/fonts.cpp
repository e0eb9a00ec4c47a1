#include "ui/widgets/fonts.h"

namespace gil::ui {

// Made from ui/fonts by embed_font.cmake.
extern const unsigned char inter_regular_data[];
extern const unsigned inter_regular_size;
extern const unsigned char inter_semibold_data[];
extern const unsigned inter_semibold_size;
extern const unsigned char jetbrains_mono_data[];
extern const unsigned jetbrains_mono_size;

namespace {

ImFont* add_font(const unsigned char* data, unsigned length) {
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false;
    // ImGui never writes to data that it does not own, but takes a plain pointer.
    void* bytes = const_cast<unsigned char*>(data);
    return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(bytes, static_cast<int>(length), size::normal, &config);
}

} // namespace

Fonts load_fonts() {
    Fonts fonts;
    fonts.regular = add_font(inter_regular_data, inter_regular_size);
    fonts.semibold = add_font(inter_semibold_data, inter_semibold_size);
    fonts.mono = add_font(jetbrains_mono_data, jetbrains_mono_size);
    ImGui::GetIO().FontDefault = fonts.regular;
    return fonts;
}

} // namespace gil::ui
