#include "core/base/error.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"
#include "core/network/fold.h"
#include "core/network/memory.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace graft;
using namespace graft::network;

class TestGraph : public QObject
{
    Q_OBJECT
private slots:

    // Counted on torchvision's and timm's modules; torchvision's pages say 15.47, 19.63, 4.09 and 5.71 G.
    void sizesAreThoseOfOthers_data()
    {
        QTest::addColumn<qint64>("learned");
        QTest::addColumn<qint64>("multiplyAdds");
        QTest::newRow("efficientnet-lite0") << qint64 {4'652'008} << qint64 {385'187'552};
        QTest::newRow("efficientnet-lite1") << qint64 {5'416'680} << qint64 {600'185'232};
        QTest::newRow("efficientnet-lite2") << qint64 {6'092'072} << qint64 {859'736'272};
        QTest::newRow("resnet50") << qint64 {25'557'032} << qint64 {4'089'184'256};
        QTest::newRow("inception-v3") << qint64 {23'834'568} << qint64 {5'713'216'096};
        QTest::newRow("xception") << qint64 {22'855'952} << qint64 {8'357'403'496};
        QTest::newRow("vgg16") << qint64 {138'357'544} << qint64 {15'470'264'320};
        QTest::newRow("vgg19") << qint64 {143'667'240} << qint64 {19'632'062'464};
    }

    void sizesAreThoseOfOthers()
    {
        QFETCH(qint64, learned);
        QFETCH(qint64, multiplyAdds);
        const BackboneSpec& spec = backbone(QTest::currentDataTag());
        const Graph graph = spec.build({.inputSize = spec.preprocess.crop});
        QCOMPARE(learnedParameters(graph), learned);
        QCOMPARE(network::multiplyAdds(graph), multiplyAdds);
    }

    // Araujo et al. (2019) list 212 for VGG16 and 1311 for InceptionV3. Their ResNet-50 (483) has its strides
    // elsewhere; torchvision's: 11 after the stem, then 3x3 windows at strides 4, 8, 16, 32.
    void receptiveFieldsAreThoseOfOthers_data()
    {
        QTest::addColumn<QString>("stage");
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("stride");
        QTest::newRow("vgg16") << QStringLiteral("block5") << 212 << 32;
        QTest::newRow("vgg19") << QStringLiteral("block1") << 6 << 2;
        QTest::newRow("resnet50") << QStringLiteral("layer4")
                                  << 11 + 3 * 8 + 8 + 3 * 16 + 16 + 5 * 32 + 32 + 2 * 64 << 32;
        QTest::newRow("inception-v3") << QStringLiteral("mixed_7c") << 1311 << 32;
        QTest::newRow("efficientnet-lite0") << QStringLiteral("head") << 224 << 224;
    }

    void receptiveFieldsAreThoseOfOthers()
    {
        QFETCH(QString, stage);
        const BackboneSpec& spec = backbone(QTest::currentDataTag());
        const Graph graph = spec.build({.inputSize = spec.preprocess.crop});
        const ReceptiveField field =
            receptiveFields(graph).at(static_cast<std::size_t>(stageNode(graph, stage.toStdString())));
        QTEST(field.size.height, "size");
        QTEST(field.size.width, "size");
        QTEST(field.stride.height, "stride");
    }

    void smallInputsAreRefusedByName()
    {
        QVERIFY(message([] {
                    backbone("inception-v3").build({.inputSize = 64});
                }).find("InceptionV3: cannot look at pictures of 64 pixels; it needs at least 75 pixels")
                != std::string::npos);
        QVERIFY(message([] {
                    backbone("inception-v3").build({.inputSize = 288, .auxiliary = true});
                }).find("at least 299 pixels")
                != std::string::npos);
        for (const BackboneSpec& spec : backbones()) {
            QVERIFY(spec.build({.inputSize = spec.smallestInput}).nodes.size() > 1);
            QVERIFY_THROWS_EXCEPTION(Error, spec.build({.inputSize = spec.smallestInput - 1}));
            for (int size = 96; size <= 320; size += 32)
                QVERIFY(spec.build({.inputSize = size}).nodes.size() > 1);
        }
    }

    void theAuxiliaryHeadIsKeptOnlyWhereAsked()
    {
        const BackboneSpec& spec = backbone("inception-v3");
        const Graph plain = spec.build({.inputSize = 299});
        const Graph whole = spec.build({.inputSize = 299, .auxiliary = true});
        QCOMPARE(learnedParameters(whole), std::int64_t {27'161'264});
        QCOMPARE(plain.auxiliary, -1);
        QCOMPARE(whole.nodes.at(static_cast<std::size_t>(whole.auxiliary)).name, std::string("AuxLogits.fc"));
        QCOMPARE(names(withoutAuxiliary(whole)), names(plain));
        QCOMPARE(peakActivationBytes(whole), peakActivationBytes(plain));
        const Graph kept = classifierOn(whole, "mixed_7c", 5, Auxiliary::Keep);
        QCOMPARE(kept.nodes.at(static_cast<std::size_t>(kept.auxiliary)).name,
                 std::string("graft_auxiliary"));
        QCOMPARE(kept.nodes.at(static_cast<std::size_t>(kept.auxiliary)).shape, (Shape {5, 1, 1}));
        QCOMPARE(kept.nodes.back().shape, (Shape {5, 1, 1}));
        QCOMPARE(classifierOn(whole, "mixed_7c", 5).auxiliary, -1);
        QCOMPARE(classifierOn(whole, "mixed_6e", 5, Auxiliary::Keep).auxiliary, -1);
        const WeightedGraph folded = foldBatchNorm(whole, randomWeights(whole, 1));
        QCOMPARE(folded.graph.auxiliary, -1);
        requireMatch(folded.graph, folded.weights);
    }

    // A new backbone is tested at birth: it can be built small and large, cut everywhere, and filled.
    void everyBackboneKeepsThePromises()
    {
        for (const BackboneSpec& spec : backbones()) {
            const Graph graph = spec.build({.inputSize = spec.preprocess.crop, .classes = 7});
            QCOMPARE(graph.nodes.back().shape, (Shape {7, 1, 1}));
            QCOMPARE(graph.nodes.front().shape, (Shape {3, spec.preprocess.crop, spec.preprocess.crop}));
            QCOMPARE(&backbone(spec.id), &spec);
            QCOMPARE(stageOf(spec, "last"), spec.lastStage);
            const TensorMap all = unfilled(graph);
            for (const std::string& stage : stageNames(graph)) {
                QCOMPARE(stageOf(spec, stage), std::string_view(stage));
                const Graph cut = classifierOn(graph, stage, 3);
                QCOMPARE(cut.nodes.back().name, std::string("graft_head"));
                QCOMPARE(cut.nodes.back().shape, (Shape {3, 1, 1}));
                QCOMPARE(featureChannels(cut, stage), featureChannels(graph, stage));
                TensorMap own = weightsOf(cut, all);
                own["graft_head.weight"] = {{3, featureChannels(graph, stage)}, {}};
                own["graft_head.bias"] = {{3}, {}};
                QCOMPARE(shapes(own), shapes(unfilled(cut)));
                QVERIFY(multiplyAdds(cut) < multiplyAdds(graph));
            }
        }
    }

    void layersThatDoNotFitAreNamed()
    {
        GraphBuilder g({3, 8, 8});
        const auto in = g.input();
        const auto half = g.add("half", Conv {.channels = 3, .stride = 2}, {in});
        QCOMPARE(failure([&] { g.add("sum", Add {}, {in, half}); }), std::string("sum"));
        QCOMPARE(failure([&] { g.add("half", Relu {}, {half}); }), std::string("half"));
        QCOMPARE(failure([&] { g.add("wide", Conv {.channels = 3, .kernel = 9}, {half}); }),
                 std::string("wide"));
        QCOMPARE(failure([&] { g.add("groups", Conv {.channels = 4, .groups = 2}, {half}); }),
                 std::string("groups"));
        QCOMPARE(failure([&] { g.add("none", Conv {.channels = 4, .groups = 0}, {half}); }),
                 std::string("none"));
        QCOMPARE(failure([&] { g.add("still", Conv {.channels = 4, .stride = 0}, {half}); }),
                 std::string("still"));
        QCOMPARE(failure([&] { g.add("cropped", Pad {-9, -9, -9, -9}, {half}); }), std::string("cropped"));
        QCOMPARE(failure([&] { g.add("units", Linear {2}, {half}); }), std::string("units"));
        QCOMPARE(failure([&] { g.add("scale", Affine {{1.0F}, {0.0F}}, {half}); }), std::string("scale"));
        QCOMPARE(failure([&] { g.add("alone", Relu {}, {}); }), std::string("alone"));
        QCOMPARE(failure([&] { g.add("two", Relu {}, {in, half}); }), std::string("two"));
        QCOMPARE(failure([&] { g.add("second", Input {}, {}); }), std::string("second"));
        g.endStage("stage", half);
        QCOMPARE(failure([&] { g.endStage("stage", half); }), std::string("stage"));
    }

    void weightsThatDoNotFitAreNamed()
    {
        const Graph graph = small();
        const TensorMap right = randomWeights(graph, 1);
        TensorMap missing = right;
        missing.erase("conv.weight");
        QCOMPARE(message([&] { requireMatch(graph, missing, "Toy"); }),
                 std::string(
                     "conv.weight: is missing; these are not the weights of Toy. Choose the file of Toy."));
        TensorMap turned = right;
        turned.at("fc.weight").shape = {4, 2};
        QVERIFY(
            message([&] { requireMatch(graph, turned); }).starts_with("fc.weight: is 4 x 2 where 2 x 4 is"));
        TensorMap shorter = right;
        shorter.at("fc.weight").values.pop_back();
        QCOMPARE(failure([&] { requireMatch(graph, shorter); }), std::string("fc.weight"));
        TensorMap extra = right;
        extra["fd.weight"] = {{1}, {0.0F}};
        QCOMPARE(failure([&] { requireMatch(graph, extra); }), std::string("fd.weight"));
    }

    void unknownNamesListTheKnown()
    {
        QVERIFY(message([] { backbone("resnet"); }).ends_with("resnet50 inception-v3 xception vgg16 vgg19."));
        QVERIFY(message([] {
                    stageOf(backbone("efficientnet-lite0"), "blok3");
                }).ends_with("Choose one of: last block0 block1 block2 block3 block4 block5 block6 head."));
        QVERIFY(message([] { stageNode(small(), "x"); }).ends_with("Choose one of: first."));
        QVERIFY_THROWS_EXCEPTION(Error, classifierOn(small(), "first", 0));
    }

    void theCutTakesOnlyWhatItNeeds()
    {
        GraphBuilder g({3, 8, 8});
        const auto a = g.add("a", Conv {.channels = 5, .kernel = 3, .padding = 1}, {g.input()});
        const auto aside = g.add("aside", Conv {.channels = 9}, {a}); // built earlier, needed only later
        const auto b = g.add("b", Conv {.channels = 5}, {a});
        const auto sum = g.add("sum", Add {}, {b, a});
        g.endStage("early", a);
        g.endStage("branch", aside);
        g.endStage("middle", sum);
        g.add("late", Add {}, {g.add("widened", Conv {.channels = 9}, {sum}), aside});
        const Graph whole = std::move(g).build();
        const Graph cut = classifierOn(whole, "middle", 2);
        QCOMPARE(names(cut),
                 (std::vector<std::string> {"input", "a", "b", "sum", "graft_pool", "graft_head"}));
        QCOMPARE(stageNames(cut), (std::vector<std::string> {"early", "middle", "graft_head"}));
        QCOMPARE(stageNode(cut, "middle"), 3);
        const TensorMap kept = weightsOf(cut, randomWeights(whole, 1));
        QCOMPARE(kept.size(), std::size_t {2});
        QVERIFY(kept.contains("a.weight") && kept.contains("b.weight"));
    }

    // One row and one column are not yet a vector; what comes after a global pool is.
    void poolsWhereHeightAndWidthStand()
    {
        GraphBuilder g({3, 4, 4});
        const auto point = g.add("point", Conv {.channels = 6, .kernel = 4}, {g.input()});
        g.endStage("point", point);
        const auto pooled = g.add("pool", GlobalPool {}, {point});
        const auto dropped = g.add("drop", Dropout {}, {pooled});
        g.endStage("vector", dropped);
        const Graph whole = std::move(g).build();
        QCOMPARE(names(classifierOn(whole, "point", 2)).at(2), std::string("graft_pool"));
        QCOMPARE(names(classifierOn(whole, "vector", 2)),
                 (std::vector<std::string> {"input", "point", "pool", "drop", "graft_head"}));
    }

    void headPoolsAndDropsAsItIsTold()
    {
        GraphBuilder g({3, 6, 4});
        const auto map = g.add("map", Conv {.channels = 5}, {g.input()});
        g.endStage("map", map);
        g.endStage("vector", g.add("pool", GlobalPool {}, {map}));
        const Graph whole = std::move(g).build();
        QCOMPARE(names(classifierOn(whole, "map", 2, Auxiliary::Drop, {Pooling::Largest, 0.3})),
                 (std::vector<std::string> {"input", "map", "graft_pool", "graft_pool_vector",
                                            "graft_dropout", "graft_head"}));
        QCOMPARE(names(featuresOf(whole, "vector", Pooling::Largest)),
                 (std::vector<std::string> {"input", "map", "pool"}));
        const Graph pooled = withPooledStages(whole, Pooling::Largest);
        const Node& stage = pooled.nodes[stageNode(pooled, "map")];
        QCOMPARE(stage.shape, (Shape {5, 1, 1}));
        QCOMPARE(stageNames(pooled), stageNames(whole));
        QVERIFY_THROWS_EXCEPTION(Error, poolingNamed("median"));
    }

    void memoryIsThatOfWhatLives()
    {
        // input 3x8x8, conv 4x8x8, relu 4x8x8, pool 4, fc 2: most lives while relu reads conv
        QCOMPARE(peakActivationBytes(small()), std::int64_t {4 * (2 * 4 * 8 * 8)});
    }

    void randomWeightsHaveTheirDeviation()
    {
        GraphBuilder g({64, 8, 8});
        const auto depthwise =
            g.add("depthwise", Conv {.channels = 64, .kernel = 5, .groups = 64, .bias = true}, {g.input()});
        const auto wide = g.add("wide", Conv {.channels = 128, .kernel = 3}, {depthwise});
        g.add("fc", Linear {50}, {g.add("pool", GlobalPool {}, {wide})});
        const Graph graph = std::move(g).build();
        const TensorMap weights = randomWeights(graph, 5);
        const auto close = [&](const char* name, double expected) {
            double squares = 0.0;
            for (const float value : weights.at(name).values)
                squares += value * value;
            const double deviation = std::sqrt(squares / static_cast<double>(weights.at(name).values.size()));
            return std::abs(deviation / expected - 1.0) < 0.06; // 1,600 draws and more: 2 % to one sigma
        };
        QVERIFY(close("depthwise.weight", std::sqrt(2.0 / 25)));
        QVERIFY(close("wide.weight", std::sqrt(2.0 / (128 * 9))));
        QVERIFY(close("fc.weight", std::sqrt(2.0 / 128)));
        QVERIFY(std::ranges::all_of(weights.at("fc.bias").values, [](float v) { return v == 0.0F; }));
        QCOMPARE(randomWeights(graph, 5).at("fc.weight").values, weights.at("fc.weight").values);
        QVERIFY(randomWeights(graph, 6).at("fc.weight").values != weights.at("fc.weight").values);
    }

private:
    static Graph small()
    {
        GraphBuilder g({3, 8, 8});
        const auto conv = g.add("conv", Conv {.channels = 4}, {g.input()});
        const auto relu = g.add("relu", Relu {}, {conv});
        g.endStage("first", relu);
        g.add("fc", Linear {2}, {g.add("pool", GlobalPool {}, {relu})});
        return std::move(g).build();
    }

    /// The tensors that a graph needs, without their numbers: those of VGG would take half a gigabyte.
    static TensorMap unfilled(const Graph& graph)
    {
        TensorMap map;
        for (const Parameter& parameter : parameters(graph))
            map[parameter.name].shape = parameter.shape;
        return map;
    }

    static std::map<std::string, std::vector<std::int64_t>> shapes(const TensorMap& weights)
    {
        std::map<std::string, std::vector<std::int64_t>> list;
        for (const auto& [name, tensor] : weights)
            list[name] = tensor.shape;
        return list;
    }

    static std::vector<std::string> names(const Graph& graph)
    {
        std::vector<std::string> list;
        for (const Node& node : graph.nodes)
            list.push_back(node.name);
        return list;
    }

    /// What the error is about; empty where none is thrown.
    template <class Work>
    static std::string failure(Work work)
    {
        try {
            work();
        } catch (const Error& error) {
            return error.subject();
        }
        return {};
    }

    template <class Work>
    static std::string message(Work work)
    {
        try {
            work();
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    }
};

QTEST_GUILESS_MAIN(TestGraph)
#include "tst_graph.moc"
