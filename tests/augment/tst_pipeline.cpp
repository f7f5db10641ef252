#include "core/imaging/resize.h"
#include "tests/augment/pictures.h"

#include <QtTest>

#include <atomic>
#include <cstdlib>
#include <new>
#include <set>

namespace {

std::atomic<int> allocations = 0;

void* counted(std::size_t size, std::size_t alignment)
{
    ++allocations;
    void* memory = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

} // namespace

void* operator new(std::size_t size)
{
    return counted(size, alignof(std::max_align_t));
}

void* operator new(std::size_t size, std::align_val_t alignment)
{
    return counted(size, static_cast<std::size_t>(alignment));
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept
{
    std::free(memory);
}

using namespace graft;
using namespace graft::augment;
using graft::tests::photo;

class TestPipeline : public QObject
{
    Q_OBJECT

private slots:
    void noneIsThePreprocessing_data();
    void noneIsThePreprocessing();
    void aCopyIsAFunctionOfItsKey();
    void theNumberOfThreadsDoesNotMatter();
    void jsonGivesTheSamePixels();
    void whatWasDrawnGivesTheSamePixels();
    void probabilitiesAreKept();
    void eachStepHasItsOwnDraws();
    void stepsThatAreOffDoNotMoveTheDrawsOfOthers();
    void someOfThese();
    void strengthGoesFromNothingToAll();
    void drawsAreTold();
    void nothingIsAllocatedPerPicture();
    void invalidRecipesAreRefused();
    void aStopLeavesOutTheRest();

private:
    static DrawKey key(std::uint32_t sample, std::uint32_t copy = 0)
    {
        return {.seed = 42, .sample = sample, .copy = copy};
    }
};

void TestPipeline::noneIsThePreprocessing_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    for (const auto& [width, height] : {std::pair {1, 1},
                                        {300, 300},
                                        {301, 200},
                                        {200, 301},
                                        {333, 256},
                                        {64, 65},
                                        {640, 481},
                                        {3000, 40},
                                        {1, 5000},
                                        {97, 73},
                                        {99, 73},
                                        {101, 73},
                                        {103, 73}})
        QTest::addRow("%d x %d", width, height) << width << height;
}

void TestPipeline::noneIsThePreprocessing()
{
    QFETCH(int, width);
    QFETCH(int, height);
    const Image image = photo(width, height);
    for (const auto& [resize, crop] : {std::pair {256, 224}, {73, 64}, {74, 73}, {64, 64}, {50, 64}}) {
        const PreprocessSpec spec {.resize = resize, .crop = crop};
        std::vector<std::uint8_t> expected(static_cast<std::size_t>(crop) * static_cast<std::size_t>(crop)
                                           * 3);
        imaging::preprocess(image, spec, expected);
        const Pipeline pipeline(preset("none").recipe, {crop, crop});
        const Image source = imaging::withSurroundings(image, spec);
        QVERIFY(pipeline.apply(source, key(0)).rgb == expected);
        QVERIFY(source.width <= 3 * crop && source.height <= 3 * crop);
        if (std::max(width, height) > 1000 || resize < crop)
            continue;
        // The same from the whole resized picture.
        const int shorter = std::min(width, height);
        const Image whole =
            imaging::resize(image, resize * width / shorter, resize * height / shorter, spec.interpolation);
        QVERIFY(pipeline.apply(whole, key(0)).rgb == expected);
    }
}

void TestPipeline::aCopyIsAFunctionOfItsKey()
{
    const Image image = photo(90, 80);
    const Pipeline pipeline(preset("strong_photo").recipe, {64, 64});
    const Pipeline another(preset("strong_photo").recipe, {64, 64});
    std::set<QByteArray> all;
    const auto bytes = [](const Image& picture) {
        return QByteArray(reinterpret_cast<const char*>(picture.rgb.data()), std::ssize(picture.rgb));
    };
    for (std::uint32_t copy = 0; copy < 30; ++copy) {
        const Image once = pipeline.apply(image, key(3, copy));
        QVERIFY(another.apply(image, key(3, copy)) == once);
        all.insert(bytes(once));
        all.insert(bytes(pipeline.apply(image, key(4, copy))));
        all.insert(bytes(pipeline.apply(image, {.seed = 43, .sample = 3, .copy = copy})));
    }
    QCOMPARE(all.size(), std::size_t {90});
    QVERIFY(another.apply(image, key(3, 0)).rgb == pipeline.apply(image, key(3, 0)).rgb);
}

void TestPipeline::theNumberOfThreadsDoesNotMatter()
{
    std::vector<Image> sources;
    for (int i = 0; i < 24; ++i)
        sources.push_back(photo(80 + i, 100 - i));
    for (const Preset& preset : presets()) {
        const Pipeline pipeline(preset.recipe, {64, 64});
        const auto run = [&](int threads, bool backwards) {
            std::vector<std::uint8_t> out(sources.size() * 64 * 64 * 3);
            std::vector<Task> tasks;
            for (std::size_t i = 0; i < sources.size(); ++i)
                tasks.push_back({&sources[i], key(static_cast<std::uint32_t>(i)),
                                 std::span(out).subspan(i * 64 * 64 * 3, 64 * 64 * 3)});
            if (backwards)
                std::ranges::reverse(tasks);
            applyAll(pipeline, tasks, threads);
            return out;
        };
        const auto alone = run(1, false);
        QVERIFY(run(4, false) == alone);
        QVERIFY(run(3, true) == alone);
    }
}

void TestPipeline::jsonGivesTheSamePixels()
{
    const Image image = photo(90, 80);
    for (const Preset& preset : presets()) {
        const Pipeline before(preset.recipe, {64, 64});
        const Pipeline after(recipeFromJson(toJson(preset.recipe)), {64, 64});
        for (std::uint32_t copy = 0; copy < 10; ++copy)
            QVERIFY(before.apply(image, key(1, copy)) == after.apply(image, key(1, copy)));
    }
}

void TestPipeline::whatWasDrawnGivesTheSamePixels()
{
    const Image image = photo(90, 80);
    const Pipeline pipeline(preset("strong_photo").recipe, {64, 60});
    for (std::uint32_t copy = 0; copy < 20; ++copy) {
        std::vector<std::uint8_t> out(std::size_t {64} * 60 * 3);
        applySteps(image, pipeline.draw(key(2, copy)), pipeline.recipe().border, pipeline.size(), out);
        QVERIFY(out == pipeline.apply(image, key(2, copy)).rgb);
    }
}

void TestPipeline::probabilitiesAreKept()
{
    Recipe recipe;
    recipe.steps = {initialStep("invert"), initialStep("rotate"), initialStep("hue")};
    recipe.steps[0].probability = 0.0;
    recipe.steps[1].probability = 0.3;
    const Pipeline pipeline(recipe, {8, 8});
    std::array<int, 3> happened {};
    for (std::uint32_t copy = 0; copy < 4000; ++copy)
        for (const DrawnStep& step : pipeline.draw(key(0, copy)))
            ++happened[step.position];
    QCOMPARE(happened[0], 0);
    QVERIFY(std::abs(happened[1] - 1200) < 100); // one standard deviation is 29
    QCOMPARE(happened[2], 4000);
}

void TestPipeline::eachStepHasItsOwnDraws()
{
    Recipe recipe;
    recipe.steps = {initialStep("rotate"), initialStep("rotate")};
    recipe.steps[0].probability = recipe.steps[1].probability = 0.5;
    const Pipeline pipeline(recipe, {8, 8});
    std::array<int, 3> happened {}; // by how many of the two
    for (std::uint32_t copy = 0; copy < 2000; ++copy) {
        const auto steps = pipeline.draw(key(0, copy));
        ++happened[steps.size()];
        QVERIFY(steps.size() < 2 || steps[0].drawn != steps[1].drawn);
    }
    QVERIFY(std::abs(happened[1] - 1000) < 110); // one standard deviation is 22
    QVERIFY(std::abs(happened[2] - 500) < 100);
}

void TestPipeline::stepsThatAreOffDoNotMoveTheDrawsOfOthers()
{
    Recipe recipe = preset("strong_photo").recipe;
    const Pipeline all(recipe, {8, 8});
    recipe.steps[2].enabled = false;
    const Pipeline without(recipe, {8, 8});
    for (std::uint32_t copy = 0; copy < 20; ++copy) {
        auto expected = all.draw(key(0, copy));
        std::erase_if(expected, [](const DrawnStep& step) { return step.position == 2; });
        QVERIFY(without.draw(key(0, copy)) == expected);
    }
}

void TestPipeline::someOfThese()
{
    Recipe recipe;
    for (const OpSpec& op : ops())
        recipe.steps.push_back(initialStep(op.id));
    recipe.steps[1].enabled = false;
    recipe.choice = {3, 1.0};
    const Pipeline pipeline(recipe, {8, 8});
    std::vector<int> happened(recipe.steps.size());
    constexpr int draws = 3000;
    for (std::uint32_t copy = 0; copy < draws; ++copy) {
        const auto steps = pipeline.draw(key(0, copy));
        QCOMPARE(steps.size(), std::size_t {3});
        QVERIFY(steps[0].position < steps[1].position && steps[1].position < steps[2].position);
        for (const DrawnStep& step : steps)
            ++happened[step.position];
    }
    const double expected = 3.0 * draws / static_cast<double>(recipe.steps.size() - 1);
    for (std::size_t i = 0; i < happened.size(); ++i)
        QVERIFY(i == 1 ? happened[i] == 0 : std::abs(happened[i] - expected) < 5 * std::sqrt(expected));
}

void TestPipeline::strengthGoesFromNothingToAll()
{
    Recipe recipe;
    for (const OpSpec& op : ops())
        if (!op.parameters.empty())
            recipe.steps.push_back(initialStep(op.id));
    const int all = static_cast<int>(recipe.steps.size());
    recipe.choice = {all, 0.0};
    const Image image = photo(40, 40);
    QVERIFY(Pipeline(recipe, {40, 40}).apply(image, key(0)) == image);
    recipe.choice = {all, 1.0};
    const auto full = Pipeline(recipe, {40, 40}).draw(key(0));
    recipe.choice = {0, 0.0};
    QVERIFY(Pipeline(recipe, {40, 40}).draw(key(0)) == full);
    Recipe turn;
    turn.steps = {initialStep("rotate")};
    turn.choice = {1, 0.5};
    const double half = Pipeline(turn, {8, 8}).draw(key(0)).at(0).drawn[0];
    turn.choice = {1, 1.0};
    QCOMPARE(half * 2, Pipeline(turn, {8, 8}).draw(key(0)).at(0).drawn[0]);
}

void TestPipeline::drawsAreTold()
{
    const auto told = [](std::string_view op, const Drawn& drawn) { return describe(*findOp(op), drawn); };
    QCOMPARE(told("rotate", {12.3}), std::string("Rotate 12°"));
    QCOMPARE(told("rotate", {-0.2}), std::string("Rotate 0°"));
    QCOMPARE(told("flip_horizontal", {}), std::string("Flip left and right"));
    QCOMPARE(told("shift", {0.1, -0.05}), std::string("Shift 10 % right, -5 % down"));
    for (const OpSpec& op : ops()) {
        Draws draws(key(0));
        const Drawn drawn = op.draw(initialStep(op.id).settings, draws);
        QVERIFY2(op.texts.size() <= drawn.size(), op.id.data());
        QVERIFY2(describe(op, drawn).starts_with(op.title), op.id.data());
    }
}

void TestPipeline::nothingIsAllocatedPerPicture()
{
    Recipe everything;
    for (const OpSpec& op : ops())
        everything.steps.push_back(initialStep(op.id));
    everything.choice = {10, 0.8};
    std::vector<Recipe> recipes {everything};
    for (const Preset& preset : presets())
        recipes.push_back(preset.recipe);
    const Image image = photo(120, 110);
    std::vector<std::uint8_t> out(std::size_t {96} * 96 * 3);
    for (const Recipe& recipe : recipes) {
        const Pipeline pipeline(recipe, {96, 96});
        for (std::uint32_t copy = 0; copy < 500; ++copy)
            pipeline.apply(image, key(0, copy), out);
        const int before = allocations;
        for (std::uint32_t copy = 0; copy < 500; ++copy)
            pipeline.apply(image, key(1, copy), out);
        QCOMPARE(allocations - before, 0);
    }
}

void TestPipeline::invalidRecipesAreRefused()
{
    Recipe recipe;
    recipe.steps = {initialStep("rotate")};
    recipe.steps[0].settings[0] = -1.0;
    QVERIFY_THROWS_EXCEPTION(Error, Pipeline(recipe, {8, 8}));
}

void TestPipeline::aStopLeavesOutTheRest()
{
    const Image image = photo(20, 20);
    std::vector<std::uint8_t> out(std::size_t {8} * 8 * 3, 7);
    std::stop_source stop;
    stop.request_stop();
    const Task task {&image, key(0), out};
    applyAll(Pipeline({}, {8, 8}), {&task, 1}, 1, stop.get_token());
    QVERIFY(std::ranges::all_of(out, [](std::uint8_t byte) { return byte == 7; }));
}

QTEST_GUILESS_MAIN(TestPipeline)
#include "tst_pipeline.moc"
