#include "core/base/error.h"
#include "core/engine/machine.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

/// One class of the stamps: photos of Debian's tuxpaint-stamps-default, folders nested in it included, except
/// those of drawings.
struct StampClass {
    const char* name;
    const char* folder;
};

constexpr const char* stampsRoot = "/usr/share/tuxpaint/stamps";
constexpr std::array stampClasses {
    StampClass {"Birds", "animals/birds"}, StampClass {"Flowers", "plants/flowers"},
    StampClass {"Fruit", "food/fruit"}, StampClass {"Insects", "animals/insects"},
    StampClass {"Mammals", "animals/mammals"}};

fs::path cacheFolder()
{
    const char* configured = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    const fs::path root =
        configured && *configured == '/' ? fs::path(configured) : fs::path(home ? home : "/tmp") / ".cache";
    return root / "graft" / "samples";
}

std::vector<fs::path> photosIn(const fs::path& folder)
{
    std::vector<fs::path> photos;
    std::error_code failure;
    for (auto it = fs::recursive_directory_iterator(folder, failure); !failure && it != fs::end(it);
         it.increment(failure)) {
        if (it->is_directory() && it->path().filename() == "cartoon")
            it.disable_recursion_pending();
        else if (it->is_regular_file() && it->path().extension() == ".png")
            photos.push_back(it->path());
    }
    std::ranges::sort(photos);
    return photos;
}

/// A folder of links for one class: the package's own folders hold drawings, sounds and texts as well.
/// Links that are there already stay.
int linkPhotos(const fs::path& folder, const std::vector<fs::path>& photos)
{
    fs::create_directories(folder);
    int count = 0;
    for (const fs::path& photo : photos) {
        const fs::path link =
            folder / (photo.parent_path().filename().string() + "-" + photo.filename().string());
        std::error_code failure;
        if (!fs::is_symlink(link))
            fs::create_symlink(photo, link, failure);
        count += failure ? 0 : 1;
    }
    return count;
}

} // namespace

std::vector<Sample> samples()
{
    if (!fs::is_directory(stampsRoot))
        return {};
    Sample stamps {"stamps", "Animals and plants", {}, cacheFolder() / "Animals and plants", {}};
    int pictures = 0;
    try {
        for (const StampClass& one : stampClasses) {
            const auto photos = photosIn(fs::path(stampsRoot) / one.folder);
            if (photos.empty())
                continue;
            pictures += linkPhotos(stamps.folder / one.name, photos);
            if (stamps.covers.size() < 3)
                stamps.covers.push_back(photos[photos.size() / 2]);
        }
    } catch (const fs::filesystem_error&) {
        return {}; // no place for the links: then there is no sample to offer
    }
    if (pictures == 0)
        return {};
    stamps.sentence =
        std::to_string(stampClasses.size()) + " classes, " + std::to_string(pictures) + " photos";
    return {stamps};
}

} // namespace graft::engine
