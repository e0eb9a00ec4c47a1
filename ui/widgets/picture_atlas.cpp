#include "ui/widgets/picture_atlas.h"

#include <cstring>

#include <imgui_internal.h>

#include "core/picture/picture.h"
#include "core/picture/picture_filter.h"

namespace gil::ui {

namespace {

constexpr int columns = 6;
constexpr int rows = 2 * atlas_pictures / columns; ///< the upper half before, the lower half after
constexpr int source_scale = 3;                    ///< how much larger a picture is before it is resized

/// Corner of a picture in the texture, pixels.
ImVec2 corner_of(int picture, bool after) {
    const int index = picture + (after ? atlas_pictures : 0);
    return {static_cast<float>(index % columns * atlas_width), static_cast<float>(index / columns * atlas_height)};
}

/// Every third pixel, as it looks when a large picture is shown small without a filter.
Picture thinned(const Picture& source) {
    Picture small = blank_picture(atlas_width, atlas_height);
    std::uint8_t* target = small.pixels.data();
    for (int y = 0; y < atlas_height; ++y) {
        for (int x = 0; x < atlas_width; ++x, target += 3) {
            const int from = (y * source_scale * source.width + x * source_scale) * 3;
            std::memcpy(target, source.pixels.data() + from, 3);
        }
    }
    return small;
}

void copy_in(ImTextureData& texture, const Picture& picture, ImVec2 corner) {
    const auto left = static_cast<int>(corner.x);
    const auto top = static_cast<int>(corner.y);
    const std::uint8_t* pixel = picture.pixels.data();
    for (int y = 0; y < picture.height; ++y) {
        auto* row = static_cast<std::uint8_t*>(texture.GetPixelsAt(left, top + y));
        for (int x = 0; x < picture.width; ++x, pixel += 3, row += 4) {
            std::memcpy(row, pixel, 3);
            row[3] = 255;
        }
    }
    if (texture.Status == ImTextureStatus_WantCreate) return; // all of it is uploaded then
    const ImTextureRect changed{static_cast<unsigned short>(left), static_cast<unsigned short>(top),
                                static_cast<unsigned short>(picture.width),
                                static_cast<unsigned short>(picture.height)};
    texture.Updates.push_back(changed);
    ImTextureRect& all = texture.UpdateRect;
    if (texture.Updates.Size == 1) {
        all = changed;
    } else {
        const int right = ImMax(all.x + all.w, changed.x + changed.w);
        const int bottom = ImMax(all.y + all.h, changed.y + changed.h);
        all.x = ImMin(all.x, changed.x);
        all.y = ImMin(all.y, changed.y);
        all.w = static_cast<unsigned short>(right - all.x);
        all.h = static_cast<unsigned short>(bottom - all.y);
    }
    texture.SetStatus(ImTextureStatus_WantUpdates);
}

} // namespace

PictureAtlas& PictureAtlas::instance() {
    static PictureAtlas atlas;
    return atlas;
}

PictureAtlas::PictureAtlas() : texture_(IM_NEW(ImTextureData)()) {
    texture_->Create(ImTextureFormat_RGBA32, columns * atlas_width, rows * atlas_height);
    texture_->SetStatus(ImTextureStatus_WantCreate);
    texture_->UseColors = true;
    texture_->UsedRect = {0, 0, static_cast<unsigned short>(texture_->Width),
                          static_cast<unsigned short>(texture_->Height)};
    // The backend frees the texture when it ends, after everything that could still draw with it.
    ImGui::RegisterUserTexture(texture_);
}

bool PictureAtlas::make_next() {
    if (made_ >= atlas_pictures) return false;
    const int width = atlas_width * source_scale;
    const int height = atlas_height * source_scale;
    const Picture source = make_picture(static_cast<std::uint64_t>(made_) + 1, width, height);
    copy_in(*texture_, thinned(source), corner_of(made_, false));
    copy_in(*texture_, resize_and_sharpen(source, atlas_width, atlas_height), corner_of(made_, true));
    ++made_;
    return true;
}

PicturePlace PictureAtlas::place(int picture, bool after) {
    const ImVec2 corner = corner_of(picture % atlas_pictures, after);
    constexpr float width = columns * atlas_width;
    constexpr float height = rows * atlas_height;
    // Half a pixel inside, so that a neighbour never shines through.
    return {{(corner.x + 0.5f) / width, (corner.y + 0.5f) / height},
            {(corner.x + atlas_width - 0.5f) / width, (corner.y + atlas_height - 0.5f) / height}};
}

} // namespace gil::ui
