// Augmented pictures per second of every op (with its initial settings, on every picture) and every preset,
// from decoded pictures at training size: bench_augment FOLDER. Best of several rounds, in which all take
// turns, so that the figures of one run can be compared on a busy machine; those of two runs cannot.
#include "core/augment/pipeline.h"
#include "core/base/parallel.h"
#include "core/imaging/decode.h"
#include "core/imaging/resize.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace graft;

namespace {

constexpr std::size_t pictures = 64;
constexpr int rounds = 7;
constexpr double enough = 0.02; ///< seconds of a measurement

struct Way {
    std::string title;
    augment::Recipe recipe;
    double best = 0.0; ///< pictures per second
};

std::vector<Way> ways()
{
    std::vector<Way> all;
    for (const augment::Preset& preset : augment::presets())
        all.push_back({"preset " + std::string(preset.id), preset.recipe});
    for (const augment::OpSpec& op : augment::ops()) {
        augment::Recipe recipe;
        recipe.steps = {augment::initialStep(op.id)};
        all.push_back({std::string(op.id), recipe});
    }
    return all;
}

std::vector<Image> decoded(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            files.push_back(entry.path());
    std::ranges::sort(files);
    std::vector<Image> images;
    for (const auto& file : files) {
        if (images.size() == pictures)
            break;
        try {
            images.push_back(imaging::decodeFile(file));
        } catch (const PictureError&) {
            continue; // folders of photos hold lists and licences too
        }
    }
    return images;
}

/// Pictures per second.
double rate(const augment::Pipeline& pipeline, const std::vector<Image>& sources, int threads,
            std::vector<std::uint8_t>& out)
{
    const auto bytes = static_cast<std::size_t>(pipeline.size().width)
        * static_cast<std::size_t>(pipeline.size().height) * 3;
    std::vector<augment::Task> tasks(sources.size());
    std::size_t done = 0;
    std::chrono::duration<double> spent {};
    const auto start = std::chrono::steady_clock::now();
    for (std::uint32_t copy = 0; spent.count() < enough; ++copy) {
        for (std::size_t i = 0; i < sources.size(); ++i)
            tasks[i] = {&sources[i],
                        {.seed = 1, .sample = static_cast<std::uint32_t>(i), .copy = copy},
                        std::span(out).subspan(i * bytes, bytes)};
        augment::applyAll(pipeline, tasks, threads);
        done += sources.size();
        spent = std::chrono::steady_clock::now() - start;
    }
    return static_cast<double>(done) / spent.count();
}

void measure(const std::vector<Image>& images, int size, int threads)
{
    const PreprocessSpec spec {.resize = size * 8 / 7, .crop = size};
    std::vector<Image> sources(images.size());
    parallelFor(images.size(), usableProcessors(), {},
                [&](std::size_t i) { sources[i] = imaging::withSurroundings(images[i], spec); });
    std::vector<std::uint8_t> out(images.size() * static_cast<std::size_t>(size)
                                  * static_cast<std::size_t>(size) * 3);
    std::vector<Way> all = ways();
    std::vector<augment::Pipeline> pipelines;
    for (const Way& way : all)
        pipelines.emplace_back(way.recipe, augment::Size {size, size});
    for (int round = 0; round < rounds; ++round)
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i].best = std::max(all[i].best, rate(pipelines[i], sources, threads, out));
    std::printf("\n%d pixels, %d thread%s\n", size, threads, threads == 1 ? "" : "s");
    for (const Way& way : all)
        std::printf("%-24s %10.0f pictures/s %8.3f ms each\n", way.title.c_str(), way.best,
                    1000.0 / way.best);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "bench_augment FOLDER\n");
        return 2;
    }
    imaging::initialise();
    const std::vector<Image> images = decoded(argv[1]);
    if (images.empty()) {
        std::fprintf(stderr, "There is no picture in that folder.\n");
        return 1;
    }
    for (const int size : {224, 512})
        for (const int threads : {1, usableProcessors()})
            measure(images, size, threads);
    return 0;
}
