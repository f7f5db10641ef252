// From a slider to the pixels of twelve tiles, in the real window: milliseconds from the slider's new value
// until the window has painted the tiles that it asks for. Strong photo preset, a photo of 12 megapixels.
//   bench_preview PHOTO [ROUNDS]
#include "core/augment/recipe.h"
#include "core/engine/machine.h"
#include "tests/support/drawn_pictures.h"
#include "tests/support/fake_weights.h"
#include "ui/main_window.h"
#include "ui/models/recipe_model.h"
#include "ui/pages/augment_page.h"
#include "ui/paths.h"
#include "ui/widgets/op_row.h"
#include "ui/widgets/preview_panel.h"
#include "ui/widgets/recipe_editor.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QImage>
#include <QListView>
#include <QSettings>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QTextStream>

#include <algorithm>

using namespace graft;
using namespace graft::ui;

namespace {

constexpr int patience = 60'000; // milliseconds

/// Counts how often a widget was painted.
class Paints : public QObject
{
public:
    int count = 0;

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        count += event->type() == QEvent::Paint ? 1 : 0;
        return QObject::eventFilter(watched, event);
    }
};

QString withBigPhoto(const QString& parent, const QString& photo)
{
    const QString folder = test::drawPictures(parent, QStringLiteral("Bench"), 4);
    const QImage big = QImage(photo).scaled(4000, 3000, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    if (big.isNull() || !big.save(folder + QStringLiteral("/Circle/big.jpg"), "JPG", 92))
        qFatal("%s cannot be read", qUtf8Printable(photo));
    return folder;
}

double quantile(const std::vector<double>& sorted, double part)
{
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int main(int argc, char** argv)
{
    engine::initialise(argv[0]);
    QApplication app(argc, argv);
    if (argc < 2)
        qFatal("bench_preview PHOTO [ROUNDS]");
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 200;
    const QTemporaryDir scratch;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, scratch.path());

    test::FakeWeights weights;
    MainWindow window(weights.source());
    window.show();
    window.openPath(withBigPhoto(scratch.path(), QString::fromLocal8Bit(argv[1])));
    if (!QTest::qWaitFor([&] { return window.session().isOpen(); }, patience))
        qFatal("the project was not made");
    window.showPage(MainWindow::Augment);
    auto* page = window.findChild<AugmentPage*>();
    page->recipe().replace(augment::preset("strong_photo").recipe, {});
    const auto& pictures = window.session().dataset().pictures;
    const auto big =
        std::ranges::find(pictures, std::filesystem::path("big.jpg"),
                          [](const dataset::Picture& picture) { return picture.path.filename(); });
    page->preview().setPicture(static_cast<int>(big - pictures.begin()));
    OpRow* row = page->editor().row(2); // rotate
    row->setOpen(true);
    auto* slider = row->findChildren<QSlider*>().at(1);
    const auto upToDate = [&] { return page->preview().isUpToDate(); };
    if (!QTest::qWaitFor(upToDate, patience))
        qFatal("no tiles came");

    Paints paints;
    page->findChild<QListView*>(QStringLiteral("tiles"))->viewport()->installEventFilter(&paints);
    std::vector<double> times;
    std::vector<double> arrivals; // when the tiles came, before they are painted
    QElapsedTimer timer;
    const auto elapsed = [&timer] { return static_cast<double>(timer.nsecsElapsed()) / 1e6; };
    double arrived = 0.0;
    QObject::connect(&page->preview(), &PreviewPanel::previewed, page, [&] { arrived = elapsed(); });
    for (int i = 0; i < rounds; ++i) {
        QTest::qWait(20);
        paints.count = 0;
        timer.start();
        slider->setValue(10 + i % 150);
        while (!upToDate() || paints.count == 0)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        times.push_back(elapsed());
        arrivals.push_back(arrived);
    }
    std::ranges::sort(times);
    std::ranges::sort(arrivals);
    QTextStream(stdout) << rounds << " single moves: median " << quantile(times, 0.5) << " ms, p95 "
                        << quantile(times, 0.95) << " ms, longest " << times.back()
                        << " ms; tiles made and brought after " << quantile(arrivals, 0.5) << " ms, p95 "
                        << quantile(arrivals, 0.95) << " ms" << Qt::endl;

    // As a hand does it: a value every 4 ms, without waiting. Nothing may pile up.
    paints.count = 0;
    constexpr int moves = 500;
    for (int i = 0; i < moves; ++i) {
        slider->setValue(10 + i % 150);
        QTest::qWait(4);
    }
    timer.start();
    while (!upToDate())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QTextStream(stdout) << moves << " moves, one every 4 ms: painted " << paints.count
                        << " times, the last tiles " << elapsed() << " ms after the last move" << Qt::endl;
    return 0;
}
