#include "core/engine/machine.h"
#include "ui/main_window.h"
#include "ui/models/english_plurals.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QEvent>
#include <QFile>
#include <QSettings>
#include <QTextStream>
#include <QTimer>

#include <ctime>
#include <unistd.h>

namespace {

/// Prints how long it took from the start of the process to the first painted frame, and ends the program:
/// for measuring, asked for with GRAFT_STARTUP_TIMING=1.
class StartupTimer : public QObject
{
public:
    using QObject::QObject;

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint)
            QTimer::singleShot(0, qApp, [] {
                QTextStream(stdout) << "window_ms " << millisecondsSinceStart() << Qt::endl
                                    << "memory_mb " << (graft::engine::machine().memoryUsed >> 20)
                                    << Qt::endl;
                QCoreApplication::quit();
            });
        return QObject::eventFilter(watched, event);
    }

private:
    /// Field 22 of /proc/self/stat is the start in clock ticks since boot, as CLOCK_BOOTTIME counts.
    static qint64 millisecondsSinceStart()
    {
        QFile stat(QStringLiteral("/proc/self/stat"));
        if (!stat.open(QIODevice::ReadOnly))
            return 0;
        const QByteArray text = stat.readAll();
        const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
        constexpr int startField = 22 - 3; // two fields are cut off, and they count from 1
        timespec now {};
        clock_gettime(CLOCK_BOOTTIME, &now);
        const qint64 started = fields.value(startField).toLongLong() * 1000 / sysconf(_SC_CLK_TCK);
        return qint64(now.tv_sec) * 1000 + now.tv_nsec / 1000000 - started;
    }
};

} // namespace

int main(int argc, char** argv)
{
    graft::engine::initialise(argv[0]);

    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("graft"));
    QCoreApplication::setApplicationName(QStringLiteral("graft"));
    QCoreApplication::setApplicationVersion(QString::fromUtf8(graft::engine::version()));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Graft"));
    QGuiApplication::setDesktopFileName(QStringLiteral("graft"));
    auto* plurals = new graft::ui::EnglishPlurals(&app);
    QCoreApplication::installTranslator(plurals);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Teaches a computer to tell your own pictures apart."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("path"),
        QCoreApplication::translate("main", "A project (Name.graft), or a folder of pictures."),
        QStringLiteral("[path]"));
    parser.process(app);

    const QSettings settings;
    graft::ui::applyTypeSize(app, settings.value(QStringLiteral("type_size"), 1.0).toDouble());
    graft::ui::applyTheme(app,
                          static_cast<graft::ui::Theme>(settings.value(QStringLiteral("theme")).toInt()));
    graft::ui::MainWindow window;
    if (qEnvironmentVariableIsSet("GRAFT_STARTUP_TIMING"))
        window.centralWidget()->installEventFilter(new StartupTimer(&app));
    window.show();
    if (!parser.positionalArguments().isEmpty())
        window.openPath(QDir::current().absoluteFilePath(parser.positionalArguments().first()));
    return QApplication::exec();
}
