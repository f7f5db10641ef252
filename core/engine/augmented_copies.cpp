#include "core/engine/augmented_copies.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/parallel.h"
#include "core/engine/expand_folders.h"
#include "core/imaging/decode.h"
#include "core/imaging/resize.h"

#include <algorithm>
#include <optional>
#include <set>

namespace graft::engine {

namespace fs = std::filesystem;

namespace {

/// A picture and where its copies go: `stem` is without "-draw-1.png".
struct Source {
    fs::path file;
    fs::path stem;
};

fs::path nameOf(const fs::path& folder)
{
    const fs::path name = fs::absolute(folder).lexically_normal().filename();
    return name.empty() ? fs::absolute(folder).lexically_normal().parent_path().filename() : name;
}

std::vector<Source> sourcesOf(const std::vector<fs::path>& paths, const fs::path& folder)
{
    std::vector<Source> sources;
    std::set<fs::path> taken;
    for (const fs::path& path : paths) {
        std::error_code unknown;
        const bool isFolder = fs::is_directory(path, unknown);
        const fs::path place = isFolder && paths.size() > 1 ? folder / nameOf(path) : folder;
        for (const fs::path& file : expandFolders({path})) {
            const fs::path name = isFolder ? file.lexically_relative(path) : file.filename();
            fs::path stem = place / name;
            for (int number = 2; !taken.insert(stem).second; ++number) // from another folder
                stem = place / (name.string() + " (" + std::to_string(number) + ")");
            sources.push_back({file, std::move(stem)});
        }
    }
    return sources;
}

/// The copies of one picture on the disk.
struct Made {
    std::vector<WrittenCopy> written;
    int there = 0;
    std::vector<Image> tiles; ///< for the contact sheet
    std::optional<PictureProblem> problem;
};

/// False where the same picture is there already. A JPEG of other content cannot be told from one that
/// another version of the library wrote: it counts as other content too.
bool writeNew(const fs::path& file, const Image& image, bool jpeg)
{
    std::error_code unknown;
    if (!fs::exists(fs::symlink_status(file, unknown))) {
        jpeg ? imaging::writeJpeg(file, image) : imaging::writePng(file, image);
        return true;
    }
    const fs::path second = fs::path(file) += ".new";
    jpeg ? imaging::writeJpeg(second, image) : imaging::writePng(second, image);
    const bool same = readFile(second) == readFile(file);
    fs::remove(second, unknown);
    if (!same)
        throw Error(file.string(), "is there already, with another content",
                    "Nothing was written over. Choose an empty folder.");
    return false;
}

constexpr int tileSide = 128; // pixels, on the contact sheet
constexpr int mostColumns = 12; // with the picture as it is

Image tileOf(const Image& image)
{
    return imaging::resize(image, tileSide, tileSide, Interpolation::Bilinear);
}

class Writing
{
public:
    Writing(const TrainingView& view, const CopyWishes& wishes)
        : m_view(view)
        , m_wishes(wishes)
    {
    }

    Made copiesOf(const Source& source, bool onSheet) const
    {
        Made made;
        try {
            const TrainingPicture picture = m_view.read(source.file);
            if (onSheet)
                made.tiles.push_back(tileOf(m_view.copy(picture, 0)));
            writeAll(source, picture, onSheet, made);
        } catch (const PictureError& error) {
            made.problem = PictureProblem {source.file, error.fault(), error.what()};
        }
        return made;
    }

private:
    void writeAll(const Source& source, const TrainingPicture& picture, bool onSheet, Made& made) const
    {
        makeFolder(source.stem.parent_path());
        const std::string ending = m_wishes.jpeg ? ".jpg" : ".png";
        for (int copy = 1; copy <= m_wishes.copies; ++copy) {
            const auto number = static_cast<std::uint32_t>(copy);
            const Image image = m_view.copy(picture, number);
            fs::path file = source.stem;
            file += "-draw-" + std::to_string(copy) + ending;
            if (!writeNew(file, image, m_wishes.jpeg))
                ++made.there;
            made.written.push_back({std::move(file), source.file, copy, m_view.describe(picture, number)});
            if (onSheet && std::ssize(made.tiles) < mostColumns)
                made.tiles.push_back(tileOf(image));
        }
    }

    static void makeFolder(const fs::path& folder)
    {
        std::error_code failure;
        fs::create_directories(folder, failure);
        if (failure)
            throw Error(folder.string(), "could not be made: " + describeErrno(failure.value()),
                        "Choose another folder.");
    }

    const TrainingView& m_view;
    const CopyWishes& m_wishes;
};

/// Rows of tiles on white, with a gap after the first column, which holds the pictures as they are.
void writeSheet(const fs::path& file, const std::vector<std::vector<Image>>& rows)
{
    constexpr int gap = 4;
    std::size_t columns = 0;
    for (const auto& row : rows)
        columns = std::max(columns, row.size());
    Image sheet;
    sheet.width = gap * 4 + static_cast<int>(columns) * (tileSide + gap);
    sheet.height = gap + static_cast<int>(rows.size()) * (tileSide + gap);
    sheet.rgb.assign(static_cast<std::size_t>(sheet.width) * static_cast<std::size_t>(sheet.height) * 3, 255);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (std::size_t column = 0; column < rows[row].size(); ++column) {
            const auto left =
                static_cast<std::size_t>(gap + (column > 0 ? 2 * gap : 0)) + column * (tileSide + gap);
            const std::size_t top = gap + row * (tileSide + gap);
            for (std::size_t y = 0; y < tileSide; ++y)
                std::copy_n(rows[row][column].rgb.begin() + static_cast<std::ptrdiff_t>(y * tileSide * 3),
                            tileSide * 3,
                            sheet.rgb.begin()
                                + static_cast<std::ptrdiff_t>(
                                    ((top + y) * static_cast<std::size_t>(sheet.width) + left) * 3));
        }
    }
    imaging::writePng(file, sheet);
}

} // namespace

CopyReport writeCopies(const std::vector<fs::path>& paths, const TrainingView& view, const CopyWishes& wishes,
                       const ProgressSink& progress, std::stop_token stop)
{
    const std::vector<Source> sources = sourcesOf(paths, wishes.folder);
    const Writing writing(view, wishes);
    const int threads = usableProcessors();
    const auto atOnce = static_cast<std::size_t>(threads) * 4;
    CopyReport report;
    std::vector<std::vector<Image>> sheet;
    Progress now {"Writing copies", 0, std::ssize(sources)};
    for (std::size_t begin = 0; begin < sources.size() && !stop.stop_requested(); begin += atOnce) {
        const std::size_t count = std::min(atOnce, sources.size() - begin);
        std::vector<Made> made(count);
        const std::size_t room = wishes.sheet.empty() ? 0 : mostOnSheet;
        parallelFor(count, threads, stop,
                    [&](std::size_t i) { made[i] = writing.copiesOf(sources[begin + i], begin + i < room); });
        for (Made& one : made) {
            if (one.problem)
                report.problems.push_back(std::move(*one.problem));
            report.there += one.there;
            std::ranges::move(one.written, std::back_inserter(report.written));
            if (!one.tiles.empty())
                sheet.push_back(std::move(one.tiles));
        }
        now.done += static_cast<std::int64_t>(count);
        if (progress)
            progress(now);
    }
    report.stopped = stop.stop_requested();
    report.onSheet = static_cast<int>(sheet.size());
    if (!sheet.empty())
        writeSheet(wishes.sheet, sheet);
    return report;
}

} // namespace graft::engine
