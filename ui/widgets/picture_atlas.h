// The pictures of the image-processing experiment, small, as one texture: each before and after the filter.
#pragma once

#include <imgui.h>

namespace gil::ui {

inline constexpr int atlas_pictures = 12; ///< different ones; more tasks see them again
inline constexpr int atlas_width = 192;   ///< of one picture, pixels
inline constexpr int atlas_height = 144;

/// Where a picture stands in the texture.
struct PicturePlace {
    ImVec2 min;
    ImVec2 max;
};

/// One per program. Its texture lives until the ImGui backend ends.
class PictureAtlas {
  public:
    /// UI thread, between NewFrame and Render.
    [[nodiscard]] static PictureAtlas& instance();

    /// Makes the next picture (about 10 ms). Returns false when all are there already.
    bool make_next();
    [[nodiscard]] int made() const { return made_; }
    [[nodiscard]] ImTextureRef texture() { return texture_->GetTexRef(); }
    [[nodiscard]] static PicturePlace place(int picture, bool after);

  private:
    PictureAtlas();

    ImTextureData* texture_; ///< ImGui keeps a pointer to it as well
    int made_ = 0;
};

} // namespace gil::ui
