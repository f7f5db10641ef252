#pragma once
#include "core/base/error.h"
#include "ui/jobs/weights_jobs.h"

#include <condition_variable>
#include <mutex>
#include <string>

namespace graft::test {

/// A list of weight files in every state, without a disk or a network: EfficientNet-Lite0 is ready, Lite1
/// partly here, ResNet50 V2 imported by hand, Xception damaged, the others missing. A download of VGG16 hangs
/// at 61 MB until it is stopped, one of InceptionV3 finds no internet at 12 MB, others end at once. Must
/// outlive the jobs.
class FakeWeights
{
public:
    FakeWeights()
    {
        using enum engine::WeightsState;
        add("efficientnet-lite0", "EfficientNet-Lite0, ImageNet", 18'826'032, 0.751, Ready);
        add("efficientnet-lite1", "EfficientNet-Lite1, ImageNet", 21'946'926, 0.767, Missing).partial =
            12'100'000;
        add("resnet50:v1", "ResNet50, ImageNet, recipe V1", 102'530'333, 0.761, Missing).recipe =
            "Trained by torchvision in the classic way: random crops and flips, plain labels. Its features "
            "suit "
            "a classifier on the frozen network best.";
        makeUnofficial(add("resnet50:v2", "ResNet50, ImageNet, recipe V2", 102'540'247, 0.809, Missing));
        add("inception-v3", "InceptionV3, ImageNet", 108'947'046, 0.773, Missing);
        add("xception", "Xception, ImageNet", 91'675'053, 0.79, Damaged);
        add("vgg16", "VGG16, ImageNet", 553'433'881, 0.716, Missing);
        add("vgg19", "VGG19, ImageNet", 574'672'077, 0.724, Missing);
    }

    ui::WeightsSource source()
    {
        return {[this] {
                    const std::scoped_lock lock(m_mutex);
                    return m_list;
                },
                [this](const std::string& id, const engine::DownloadSink& sink, std::stop_token stop) {
                    fetch(id, sink, stop);
                },
                [this](const std::filesystem::path& place, const ProgressSink&, std::stop_token) {
                    return import(place);
                },
                [this](const std::string& id, const std::filesystem::path&, const ProgressSink&,
                       std::stop_token) {
                    const std::scoped_lock lock(m_mutex);
                    makeUnofficial(status(id));
                    return status(id);
                }};
    }

private:
    engine::WeightsStatus& add(const char* id, const char* title, std::int64_t bytes, double top1,
                               engine::WeightsState state)
    {
        engine::WeightsStatus status;
        status.id = id;
        status.backbone = status.id.substr(0, status.id.find(':'));
        status.title = title;
        status.recipe = "Trained in the classic way: random crops and flips, plain labels.";
        status.licence = "BSD-3-Clause";
        status.terms = "Trained on ImageNet, whose pictures are for non-commercial research and education.";
        status.source = "https://example.org/" + status.backbone + ".pth";
        status.sha256 = "0676ba61";
        status.bytes = bytes;
        status.top1 = top1;
        status.state = state;
        status.file = "/weights/" + status.id + ".pth";
        m_list.push_back(status);
        return m_list.back();
    }

    /// As the engine says what is known of such a file.
    static void makeUnofficial(engine::WeightsStatus& status)
    {
        status.state = engine::WeightsState::Unofficial;
        status.recipe = status.terms = "Not known: this file was imported by hand.";
        status.licence = "not known";
        status.top1 = 0.0;
    }

    engine::WeightsStatus& status(const std::string& id)
    {
        for (engine::WeightsStatus& status : m_list) {
            if (status.id == id)
                return status;
        }
        throw Error(id, "is not known", "Ask for another one.");
    }

    void fetch(const std::string& id, const engine::DownloadSink& sink, std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        engine::WeightsStatus& file = status(id);
        const auto tell = [&](std::int64_t done) {
            sink({.done = done,
                  .total = file.bytes,
                  .bytesPerSecond = 3.2e6,
                  .secondsLeft = static_cast<double>(file.bytes - done) / 3.2e6,
                  .waiting = false});
            file.partial = done;
        };
        if (id == "inception-v3") {
            tell(12'000'000);
            throw Error(file.title, "stopped at 12 of 109 MB: no internet",
                        "Try again, it continues there, or import the file from a USB stick.");
        }
        if (id == "vgg16") {
            tell(61'000'000);
            m_never.wait(lock, stop, [] { return false; });
            throw Stopped();
        }
        tell(file.bytes);
        file.state = engine::WeightsState::Ready;
        file.partial = 0;
    }

    /// A place named "stick" holds VGG19 and a file of another network; "mine.pth" fits ResNet50, but is not
    /// official.
    engine::FoundWeights import(const std::filesystem::path& place)
    {
        const std::scoped_lock lock(m_mutex);
        engine::FoundWeights found;
        found.looked = 3;
        if (place.filename() == "stick") {
            status("vgg19").state = engine::WeightsState::Ready;
            found.taken.push_back(status("vgg19"));
            found.problems.emplace_back(place / "other.pth", "is a ResNet-101 file.");
        }
        if (place.filename() == "mine.pth") {
            found.looked = 1;
            found.problems.emplace_back(place, "fits ResNet50, but is not one of the official files.");
            found.unofficial.push_back({place, "resnet50", "ResNet50"});
        }
        return found;
    }

    std::mutex m_mutex;
    std::condition_variable_any m_never;
    std::vector<engine::WeightsStatus> m_list; // guarded by m_mutex
};

} // namespace graft::test
