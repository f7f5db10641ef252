#include "core/base/error.h"
#include "core/network/backbone.h"
#include "core/network/cut.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace graft;
using namespace graft::network;

class TestGraph : public QObject
{
    Q_OBJECT
private slots:

    // Counted on timm's modules with torch.utils.flop_counter.
    void sizesAreThoseOfOthers_data()
    {
        QTest::addColumn<qint64>("learned");
        QTest::addColumn<qint64>("multiplyAdds");
        QTest::newRow("efficientnet-lite0") << qint64 {4'652'008} << qint64 {385'187'552};
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

    // A new backbone is tested at birth: it can be built small and large, cut everywhere, and filled.
    void everyBackboneKeepsThePromises()
    {
        for (const BackboneSpec& spec : backbones()) {
            const Graph graph = spec.build({.inputSize = spec.preprocess.crop, .classes = 7});
            QCOMPARE(graph.nodes.back().shape, (Shape {7, 1, 1}));
            QCOMPARE(graph.nodes.front().shape, (Shape {3, spec.preprocess.crop, spec.preprocess.crop}));
            QCOMPARE(&backbone(spec.id), &spec);
            QCOMPARE(stageOf(spec, "last"), spec.lastStage);
            const TensorMap all = randomWeights(graph, 1);
            requireMatch(graph, all);
            for (const std::string& stage : stageNames(graph)) {
                QCOMPARE(stageOf(spec, stage), std::string_view(stage));
                const Graph cut = classifierOn(graph, stage, 3);
                QCOMPARE(cut.nodes.back().name, std::string("graft_head"));
                QCOMPARE(cut.nodes.back().shape, (Shape {3, 1, 1}));
                QCOMPARE(featureChannels(cut, stage), featureChannels(graph, stage));
                TensorMap own = weightsOf(cut, all);
                own.merge(weightsOf(cut, randomWeights(cut, 2)));
                requireMatch(cut, own);
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
        QVERIFY(message([] { backbone("resnet"); }).ends_with("Choose one of: efficientnet-lite0."));
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
