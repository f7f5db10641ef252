#include "core/base/error.h"
#include "core/network/fold.h"

#include <QTest>

#include <cmath>

using namespace graft;
using namespace graft::network;

class TestFold : public QObject
{
    Q_OBJECT
private slots:

    // y = gamma * (w x + b - mean) / sqrt(variance + epsilon) + beta, by hand
    void scaleAndShiftMoveIntoTheConvolution_data()
    {
        QTest::addColumn<bool>("bias");
        QTest::newRow("without bias") << false;
        QTest::newRow("with bias") << true;
    }

    void scaleAndShiftMoveIntoTheConvolution()
    {
        QFETCH(bool, bias);
        GraphBuilder g({2, 1, 1});
        const auto conv = g.add("conv", Conv {.channels = 2, .bias = bias}, {g.input()});
        const auto bn = g.add("bn", BatchNorm {.epsilon = 0.25}, {conv});
        g.add("relu", Relu {}, {bn});
        g.endStage("end", bn);
        TensorMap weights {{"conv.weight", {{2, 2, 1, 1}, {1.0F, 2.0F, 3.0F, 4.0F}}},
                           {"bn.weight", {{2}, {3.0F, -1.0F}}},
                           {"bn.bias", {{2}, {0.5F, 0.25F}}},
                           {"bn.running_mean", {{2}, {2.0F, -4.0F}}},
                           {"bn.running_var", {{2}, {2.0F, 0.0F}}}}; // + 0.25: deviations 1.5 and 0.5
        if (bias)
            weights["conv.bias"] = {{2}, {1.0F, 5.0F}};
        const WeightedGraph folded = foldBatchNorm(std::move(g).build(), weights);
        QCOMPARE(folded.graph.nodes.size(), std::size_t {3});
        QCOMPARE(folded.graph.nodes[2].inputs, std::vector<int> {1});
        QCOMPARE(folded.graph.stages[0].node, 1);
        requireMatch(folded.graph, folded.weights);
        QCOMPARE(folded.weights.at("conv.weight").values, (std::vector<float> {2.0F, 4.0F, -6.0F, -8.0F}));
        const std::vector<float> plain {-3.5F, -7.75F}; // 0.5 - 2 * 2, 0.25 - (-2) * (-4)
        const std::vector<float> withBias {-1.5F, -17.75F}; // the same + 2 * 1, - 2 * 5
        QCOMPARE(folded.weights.at("conv.bias").values, bias ? withBias : plain);
    }

    void othersWhoReadTheConvolutionKeepIt()
    {
        GraphBuilder g({2, 1, 1});
        const auto conv = g.add("conv", Conv {.channels = 2}, {g.input()});
        g.add("sum", Add {}, {g.add("bn", BatchNorm {}, {conv}), conv});
        requireUnchanged(std::move(g).build());
    }

    void aStageThatEndsAtTheConvolutionKeepsIt()
    {
        GraphBuilder g({2, 1, 1});
        const auto conv = g.add("conv", Conv {.channels = 2}, {g.input()});
        g.endStage("before", conv);
        g.add("bn", BatchNorm {}, {conv});
        requireUnchanged(std::move(g).build());
    }

    void aBatchNormElsewhereStays()
    {
        GraphBuilder g({2, 1, 1});
        g.add("bn", BatchNorm {}, {g.add("relu", Relu {}, {g.input()})});
        requireUnchanged(std::move(g).build());
    }

    void wrongWeightsAreRefused()
    {
        GraphBuilder g({2, 1, 1});
        g.add("bn", BatchNorm {}, {g.add("conv", Conv {.channels = 2}, {g.input()})});
        const Graph graph = std::move(g).build();
        TensorMap weights = randomWeights(graph, 1);
        weights.erase("bn.running_var");
        QVERIFY_THROWS_EXCEPTION(Error, foldBatchNorm(graph, weights));
    }

private:
    static void requireUnchanged(const Graph& graph)
    {
        const TensorMap weights = randomWeights(graph, 1);
        const WeightedGraph folded = foldBatchNorm(graph, weights);
        QCOMPARE(folded.graph.nodes.size(), graph.nodes.size());
        requireMatch(graph, folded.weights);
        for (const auto& [name, tensor] : weights)
            QCOMPARE(folded.weights.at(name).values, tensor.values);
    }
};

QTEST_GUILESS_MAIN(TestFold)
#include "tst_fold.moc"
