#include "core/base/error.h"
#include "core/neural/loss.h"
#include "tests/neural/expect.h"

using namespace graft;
using namespace graft::test;
using namespace graft::neural;

namespace {

struct Reference {
    const char* loss;
    double smoothing;
    bool weighted;
    double value;
    std::vector<double> slope;
};

/// Of PyTorch, in double precision: training_reference.py.
const std::vector<Reference> references {
    {"cross_entropy",
     0.0,
     false,
     0.723500107296,
     {-0.0536007413527, 0.00977814331767, 0.043822598035, 0.0900741538101, 0.0995473352612, -0.189621489071,
      0.000200634596389, -0.0299774488718, 0.0297768142754, 0.136637346817, -0.167125259894,
      0.0304879130774}},
    {"mse",
     0.0,
     false,
     0.144245176221,
     {-0.0102422405255, 0.00114267638437, 0.00909956414117, 0.0153194051471, 0.0194453076372,
      -0.0347647127843, 1.23252229552e-05, -0.00419004225646, 0.0041777170335, 0.041407342076,
      -0.0420165030539, 0.000609160977914}},
    {"mae",
     0.0,
     false,
     0.29354995946,
     {-0.0280723889723, 0.00512112026277, 0.0229512687095, 0.0145027820806, 0.0160280529866, -0.0305308350672,
      0.000117717695312, -0.0175885727389, 0.0174708550436, 0.0301967589499, -0.0369345666103,
      0.00673780766045}},
    {"cosine",
     0.0,
     false,
     0.278651136108,
     {-0.0121051335644, 0.000574096529224, 0.0115310370352, 0.0383951897812, 0.0468959906988,
      -0.0852911804799, 2.02298708302e-07, -0.00445612787745, 0.00445592557875, 0.0898321197856,
      -0.094304597675, 0.0044724778894}},
    {"cross_entropy",
     0.0,
     true,
     0.758332725515,
     {-0.0186437361227, 0.00340109332789, 0.0152426427948, 0.0783253511392, 0.0865629002272, -0.164888251366,
      0.000279143786281, -0.041707754952, 0.0414286111657, 0.190104134701, -0.232522100722, 0.0424179660208}},
    {"mse",
     0.0,
     true,
     0.156335912949,
     {-0.00356251844366, 0.000397452655433, 0.00316506578823, 0.013321221867, 0.0169089631628,
      -0.0302301850298, 1.71481362856e-05, -0.00582962400898, 0.0058124758727, 0.0576102150622,
      -0.0584577433793, 0.000847528317098}},
    {"mae",
     0.0,
     true,
     0.305174562109,
     {-0.00976430920776, 0.00178125922183, 0.00798304998592, 0.0126111148527, 0.0139374373797,
      -0.0265485522323, 0.000163781141304, -0.0244710577237, 0.0243072765824, 0.0420128820172, -0.05138722311,
      0.00937434109279}},
    {"cosine",
     0.0,
     true,
     0.304193402616,
     {-0.0042104812398, 0.000199685749295, 0.0040107954905, 0.0333871215488, 0.0407791223468,
      -0.0741662438956, 2.8145907242e-07, -0.00619983009037, 0.0061995486313, 0.124983818832, -0.131206396765,
      0.00622257793308}},
    {"cross_entropy",
     0.2,
     false,
     0.941833440629,
     {-0.0202674080193, -0.00688852334899, 0.0271559313683, 0.0734074871435, 0.0828806685946, -0.156288155738,
      -0.0164660320703, 0.00335588446156, 0.0131101476087, 0.11997068015, -0.133791926561, 0.0138212464108}},
    {"mse",
     0.2,
     false,
     0.0944240732179,
     {-0.00462776273108, 0.000118452331817, 0.00450931039926, 0.012418848731, 0.0162396970399,
      -0.0286585457709, -1.12183161072e-05, -0.00067232770868, 0.000683546024787, 0.035367990286,
      -0.0346295897318, -0.000738400554175}},
    {"mae",
     0.2,
     false,
     0.222468030492,
     {-0.0229512687095, -0.00114267638437, 0.0240939450939, 0.0145027820806, 0.0160280529866,
      -0.0305308350672, -0.000133649052949, 0.000117717695312, 1.59313576371e-05, 0.0301967589499,
      -0.0369345666103, 0.00673780766045}},
    {"cosine",
     0.2,
     false,
     0.230947800504,
     {-0.00720037926026, -0.000345177416933, 0.0075455566772, 0.0356927117573, 0.0449549042531,
      -0.0806476160105, -1.70726209483e-05, -0.00189518279597, 0.00191225541691, 0.0871019002495,
      -0.0886551393322, 0.00155323908272}},
    {"cross_entropy",
     0.2,
     true,
     0.891043010667,
     {0.0134443024608, -0.0187669844708, 0.00532268201003, 0.07252824969, 0.0633744944301, -0.13590274412,
      -0.00553889344697, -0.0182898182582, 0.0238287117051, 0.170049223149, -0.194793088095, 0.024743864946}},
    {"mse",
     0.2,
     true,
     0.104189889416,
     {-0.00160965660211, 4.12008110668e-05, 0.00156845579105, 0.0107989988965, 0.0141214756869,
      -0.0249204745834, -1.56080919753e-05, -0.00093541246425, 0.000951020556226, 0.0492076386588,
      -0.0481802987573, -0.00102733990146}},
    {"mae",
     0.2,
     true,
     0.236268557736,
     {-0.00798304998592, -0.000397452655433, 0.00838050264136, 0.0126111148527, 0.0139374373797,
      -0.0265485522323, -0.000185946508451, 0.000163781141304, 2.21653671472e-05, 0.0420128820172,
      -0.05138722311, 0.00937434109279}},
    {"cosine",
     0.2,
     true,
     0.254174688527,
     {-0.0025044797427, -0.000120061710237, 0.00262454145294, 0.0310371406585, 0.0390912210897,
      -0.0701283617482, -2.37532117542e-05, -0.00263677606395, 0.00266052927571, 0.121185252521,
      -0.12334628081, 0.00216102828901}},
};

const std::vector<double> logits {2.0, -1.0, 0.5, 0.1, 0.2, -0.3, -4.0, 3.0, 1.0, 1.5, 1.0, 0.0};
const std::vector<std::int64_t> labels {0, 2, 1, 1};

void equalsPyTorch()
{
    for (const Reference& reference : references) {
        const LossOptions options {lossNamed(reference.loss), reference.smoothing,
                                   reference.weighted ? std::vector {0.5, 2.0, 1.25} : std::vector<double>()};
        const LossValue ours = lossOf(logits, labels, options);
        const std::string name = std::string(reference.loss) + ", smoothing "
            + std::to_string(reference.smoothing) + (reference.weighted ? ", class weights" : "");
        expect(std::abs(ours.loss - reference.value) < 1e-10, "the value of " + name);
        expect(largestDifference(ours.slope, reference.slope) < 1e-9, "  its gradient");
    }
}

void slopesAreDerivatives()
{
    for (const LossSpec& spec : losses()) {
        const LossOptions options {spec.loss, 0.1, {0.5, 2.0, 1.25}};
        const auto at = [&](std::size_t i, double step) {
            auto moved = logits;
            moved[i] += step;
            return lossOf(moved, labels, options).loss;
        };
        constexpr double h = 1e-5;
        std::vector<double> numeric;
        for (std::size_t i = 0; i < logits.size(); ++i)
            numeric.push_back((at(i, h) - at(i, -h)) / (2 * h));
        expect(largestDifference(lossOf(logits, labels, options).slope, numeric) < 1e-7,
               std::string(spec.id) + " has the slope of its finite differences");
    }
}

void extremesStayFinite()
{
    const std::vector<double> huge {1000.0, -1000.0, 0.0};
    const std::vector<std::int64_t> wrong {1};
    for (const LossSpec& spec : losses()) {
        const LossValue value = lossOf(huge, wrong, {spec.loss, 0.0, {}});
        const bool finite = std::isfinite(value.loss)
            && std::ranges::all_of(value.slope, [](double slope) { return std::isfinite(slope); });
        expect(finite, std::string(spec.id) + " is finite where the network is sure and wrong");
    }
    expect(std::abs(lossOf(huge, wrong, {}).loss - 2000.0) < 1e-9, "cross-entropy is the distance then");
}

void nonsenseIsRefused()
{
    expectThrow<Error>([] { lossNamed("hinge"); }, "an unknown loss is an error");
    expectThrow<Error>(
        [] {
            lossOf(logits, labels, {Loss::Mse, 1.5, {}});
        },
        "smoothing beyond 1 is an error");
    expectThrow<Error>(
        [] {
            lossOf(logits, labels, {Loss::Mse, 0.0, {1.0, 1.0}});
        },
        "too few class weights are an error");
    expectThrow<Error>(
        [] {
            lossOf(logits, labels, {Loss::Mse, 0.0, {1.0, 0.0, 1.0}});
        },
        "a class weight of 0 is an error");
    const std::vector<std::int64_t> outside {0, 2, 1, 3};
    expectThrow<Error>([&] { lossOf(logits, outside, {}); }, "a label outside the classes is an error");
}

} // namespace

int main()
{
    equalsPyTorch();
    slopesAreDerivatives();
    extremesStayFinite();
    nonsenseIsRefused();
    return failures == 0 ? 0 : 1;
}
