#include "core/engine/picture_batches.h"

#include "core/base/parallel.h"
#include "core/engine/expand_folders.h"
#include "core/imaging/decode.h"
#include "core/imaging/resize.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace graft::engine {

namespace {

constexpr std::size_t decodeAhead =
    64; // pictures read in one go: long enough that the last thread does not idle
constexpr std::size_t batchSize =
    16; // pictures that go through the network together; larger ones leave the cache

class Stopwatch
{
public:
    explicit Stopwatch(double& sum)
        : m_sum(sum)
    {
    }

    ~Stopwatch()
    {
        m_sum += std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }

    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

private:
    double& m_sum;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Pictures read and resized, without those that could not be.
struct Chunk {
    std::vector<std::uint8_t> pixels;
    std::vector<std::size_t> positions;
};

Chunk readChunk(const std::vector<std::filesystem::path>& files, std::size_t begin, std::size_t end,
                const PictureMaker& maker, std::vector<PictureProblem>& problems)
{
    const std::size_t size = maker.bytes * maker.perFile;
    Chunk chunk {std::vector<std::uint8_t>(size * (end - begin)), {}};
    std::vector<std::optional<PictureProblem>> failed(end - begin);
    parallelFor(end - begin, usableProcessors(), {}, [&](std::size_t i) {
        const auto& file = files[begin + i];
        try {
            const Image image = imaging::decode(imaging::readPicture(file), file.filename().string());
            maker.make(begin + i, image, std::span(chunk.pixels).subspan(i * size, size));
        } catch (const PictureError& error) {
            failed[i] = PictureProblem {file, error.fault(), error.what()};
        }
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < failed.size(); ++i) {
        if (failed[i]) {
            problems.push_back(std::move(*failed[i]));
            continue;
        }
        if (kept != i)
            std::copy_n(chunk.pixels.begin() + static_cast<std::ptrdiff_t>(i * size), size,
                        chunk.pixels.begin() + static_cast<std::ptrdiff_t>(kept * size));
        ++kept;
        for (std::size_t k = 0; k < maker.perFile; ++k)
            chunk.positions.push_back((begin + i) * maker.perFile + k);
    }
    return chunk;
}

} // namespace

PictureMaker plainPictures(const PreprocessSpec& spec)
{
    const auto side = static_cast<std::size_t>(spec.crop);
    return {.bytes = side * side * 3,
            .perFile = 1,
            .make = [spec](std::size_t, const Image& decoded, std::span<std::uint8_t> out) {
                imaging::preprocess(decoded, spec, out);
            }};
}

PassReport forEachBatch(const std::vector<std::filesystem::path>& files, const PictureMaker& maker,
                        const Progress& first, const ProgressSink& progress, std::stop_token stop,
                        const BatchSink& each)
{
    PassReport report;
    const std::size_t size = maker.bytes;
    const std::size_t ahead =
        std::max<std::size_t>(decodeAhead / maker.perFile, static_cast<std::size_t>(usableProcessors()));
    Progress now = first;
    for (std::size_t begin = 0; begin < files.size(); begin += ahead) {
        const std::size_t end = std::min(begin + ahead, files.size());
        Chunk chunk;
        {
            const Stopwatch watch(report.decodeSeconds);
            chunk = readChunk(files, begin, end, maker, report.problems);
        }
        for (std::size_t i = 0; i < chunk.positions.size(); i += batchSize) {
            if (stop.stop_requested()) {
                report.stopped = true;
                return report;
            }
            const std::size_t count = std::min(batchSize, chunk.positions.size() - i);
            const Stopwatch watch(report.networkSeconds);
            each(std::span(chunk.positions).subspan(i, count),
                 {std::span(chunk.pixels).subspan(i * size, count * size), static_cast<int>(count)});
            now.done =
                first.done + static_cast<std::int64_t>((chunk.positions[i + count - 1] + 1) / maker.perFile);
            if (progress)
                progress(now);
        }
        now.done = first.done + static_cast<std::int64_t>(end);
        if (progress)
            progress(now);
    }
    return report;
}

} // namespace graft::engine
