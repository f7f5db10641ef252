#include "tests/augment/pictures.h"

#include <QtTest>

using namespace graft;
using namespace graft::augment;

class TestRecipe : public QObject
{
    Q_OBJECT

private slots:
    void presetsAreValid_data();
    void presetsAreValid();
    void presetsThatMustNotFlipDoNot();
    void everyRecipeSurvivesItsJson();
    void whatIsMissingKeepsItsDefault();
    void refused_data();
    void refused();
    void invalidValuesAreRefused();
    void aPresetOrAJson();
    void whatChangesPictures();
    void borderModesAreListed();

private:
    static bool has(const Recipe& recipe, std::string_view op)
    {
        return std::ranges::any_of(recipe.steps, [&](const Step& step) { return step.op == op; });
    }
};

void TestRecipe::presetsAreValid_data()
{
    QTest::addColumn<int>("index");
    const std::array ids {"none", "gentle_photo", "strong_photo", "document", "digits", "top_view"};
    QCOMPARE(presets().size(), ids.size());
    for (int i = 0; i < std::ssize(ids); ++i)
        QTest::newRow(ids[static_cast<std::size_t>(i)]) << i;
}

void TestRecipe::presetsAreValid()
{
    QFETCH(int, index);
    const Preset& one = presets()[static_cast<std::size_t>(index)];
    QVERIFY(one.id == QTest::currentDataTag());
    QVERIFY(!one.title.empty() && one.sentence.ends_with('.'));
    requireValid(one.recipe);
    QCOMPARE(one.recipe.steps.empty(), one.id == "none");
    QCOMPARE(&preset(one.id), &one);
}

void TestRecipe::whatChangesPictures()
{
    for (const Preset& one : presets())
        QCOMPARE(changesPictures(one.recipe), one.id != "none");
    Recipe recipe;
    recipe.border.mode = Border::Mode::Repeat; // another border alone is nothing to see
    QVERIFY(!changesPictures(recipe));
    recipe.steps = {initialStep("invert"), initialStep("rotate")};
    recipe.steps[0].enabled = false;
    recipe.steps[1].probability = 0.0;
    QVERIFY(!changesPictures(recipe));
    recipe.steps[1].probability = 0.1;
    QVERIFY(changesPictures(recipe));
}

void TestRecipe::presetsThatMustNotFlipDoNot()
{
    for (const auto* id : {"document", "digits"})
        for (const auto* op : {"flip_horizontal", "flip_vertical", "quarter_turns"})
            QVERIFY(!has(preset(id).recipe, op));
    for (const auto* op : {"flip_horizontal", "flip_vertical", "quarter_turns"})
        QVERIFY(has(preset("top_view").recipe, op));
    QVERIFY(!has(preset("strong_photo").recipe, "flip_vertical"));
}

void TestRecipe::everyRecipeSurvivesItsJson()
{
    for (const Preset& preset : presets())
        QVERIFY(recipeFromJson(toJson(preset.recipe)) == preset.recipe);
    for (std::uint32_t round = 0; round < 50; ++round) {
        Draws draws({.seed = 4, .sample = round});
        Recipe recipe;
        for (const OpSpec& op : ops()) {
            Step step = initialStep(op.id);
            for (std::size_t i = 0; i < step.settings.size(); ++i)
                if (op.parameters[i].step == 0.0)
                    step.settings[i] = draws.uniform(op.parameters[i].low, op.parameters[i].high);
            step.probability = draws.uniform();
            step.enabled = draws.uniform() < 0.5;
            recipe.steps.push_back(step);
        }
        recipe.border = {static_cast<Border::Mode>(round % 3), {1, 2, static_cast<std::uint8_t>(round)}};
        recipe.choice = {static_cast<int>(round % 5), draws.uniform()};
        QVERIFY(recipeFromJson(toJson(recipe)) == recipe);
    }
}

void TestRecipe::whatIsMissingKeepsItsDefault()
{
    const Recipe recipe = recipeFromJson("{\"steps\": [{\"op\": \"rotate\"}]}");
    QCOMPARE(recipe.steps.size(), std::size_t {1});
    QVERIFY(recipe.steps[0] == initialStep("rotate"));
    QVERIFY(recipe.border == Border {});
    QVERIFY(recipe.choice == Choice {});
    QVERIFY(recipeFromJson("{}") == Recipe {});
}

void TestRecipe::refused_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("message"); // begins with
    const auto row = [](const char* name, const QByteArray& json, const char* message) {
        QTest::newRow(name) << json << QByteArray(message);
    };
    const auto steps = [](const QByteArray& step) { return "{\"steps\": [" + step + "]}"; };
    row("no JSON", "rotate", "recipe: is not the JSON");
    row("cut off", "{\"steps\": [", "recipe: is not the JSON");
    row("a list", "[]", "recipe: is not the JSON");
    row("newer", "{\"version\": 2}", "recipe: was made by a newer version");
    row("version of words", "{\"version\": \"one\"}", "recipe: version is no number");
    row("unknown key", "{\"step\": []}", "recipe: step is nothing");
    row("no list", "{\"steps\": {}}", "recipe: steps is no list");
    row("no op", steps("{}"), "step: does not say its op");
    row("unknown op", steps("{\"op\": \"mixup\"}"), "mixup: is no augmentation");
    row("unknown parameter", steps("{\"op\": \"rotate\", \"settings\": {\"angle\": 3}}"),
        "rotate: angle is no parameter");
    row("too much", steps("{\"op\": \"rotate\", \"settings\": {\"limit\": 181}}"),
        "rotate: limit is out of range. Choose between 0 and 180.");
    row("between", steps("{\"op\": \"cutout\", \"settings\": {\"holes\": 1.5}}"),
        "cutout: holes lies between two values");
    row("word", steps("{\"op\": \"rotate\", \"settings\": {\"limit\": \"much\"}}"),
        "rotate: limit is no number");
    row("null", steps("{\"op\": \"rotate\", \"settings\": {\"limit\": null}}"), "rotate: limit is no number");
    row("settings in a list", steps("{\"op\": \"rotate\", \"settings\": [3]}"), "rotate: is not written as");
    row("probability", steps("{\"op\": \"hue\", \"probability\": 1.01}"), "hue: probability is out of range");
    row("enabled", steps("{\"op\": \"hue\", \"enabled\": 1}"), "hue: enabled is neither");
    row("mode", "{\"border\": {\"mode\": \"black\"}}", "border: mode is not known");
    row("colour", "{\"border\": {\"colour\": [1, 2]}}", "border: colour is not written");
    row("bright colour", "{\"border\": {\"colour\": [1, 2, 256]}}", "border: colour is no whole number");
    row("count", "{\"choice\": {\"count\": -1}}", "choice: count is no whole number");
    row("half a count", "{\"choice\": {\"count\": 1.5}}", "choice: count is no whole number");
    row("strength", "{\"choice\": {\"strength\": 2}}", "choice: strength is out of range");
    row("bytes that are no text", "{\"border\": {\"mode\": \"\xff\"}}", "recipe: is not the JSON");
    QByteArray many = steps("{\"op\": \"hue\"}" + QByteArray(", {\"op\": \"hue\"}").repeated(64));
    row("many", many, "recipe: has more than 64 steps");
}

void TestRecipe::refused()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, message);
    try {
        recipeFromJson(json.toStdString());
        QFAIL("was taken");
    } catch (const Error& error) {
        QVERIFY2(QByteArray(error.what()).startsWith(message), error.what());
    }
}

void TestRecipe::invalidValuesAreRefused()
{
    const auto refuses = [](const Recipe& recipe) {
        try {
            requireValid(recipe);
        } catch (const Error&) {
            return true;
        }
        return false;
    };
    Recipe recipe;
    recipe.steps = {initialStep("rotate")};
    QVERIFY(!refuses(recipe));
    recipe.steps[0].settings.push_back(1.0);
    QVERIFY(refuses(recipe));
    recipe.steps = {initialStep("rotate")};
    recipe.steps[0].probability = std::nan("");
    QVERIFY(refuses(recipe));
    recipe.steps = {};
    recipe.choice.count = -1;
    QVERIFY(refuses(recipe));
}

void TestRecipe::aPresetOrAJson()
{
    QVERIFY(readRecipe("digits") == preset("digits").recipe);
    QVERIFY(readRecipe("\n {\"steps\": [{\"op\": \"invert\"}]}").steps.at(0).op == "invert");
    for (const auto* bad : {"", "wild", "{"}) {
        try {
            readRecipe(bad);
            QFAIL("was taken");
        } catch (const Error& error) {
            QVERIFY(!error.next().empty());
        }
    }
}

void TestRecipe::borderModesAreListed()
{
    QCOMPARE(borderModes().size(), std::size_t {3});
    for (const BorderMode& mode : borderModes()) {
        Recipe recipe;
        recipe.border.mode = mode.mode;
        QVERIFY(toJson(recipe).find(mode.id) != std::string::npos);
    }
}

QTEST_GUILESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
