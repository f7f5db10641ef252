#include "tests/support/fake_weights.h"
#include "tests/support/scratch.h"
#include "ui/models/english_plurals.h"
#include "ui/page.h"
#include "ui/session.h"
#include "ui/theme.h"
#include "ui/widgets/status_strip.h"
#include "ui/widgets/weights_card.h"
#include "ui/widgets/weights_dialog.h"
#include "ui/widgets/weights_panel.h"

#include <QApplication>
#include <QDropEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>
#include <QToolButton>
#include <QUrl>

#include <memory>

using namespace graft;
using namespace graft::ui;

class TestWeightsDialog : public QObject
{
    Q_OBJECT
private slots:

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_fake = std::make_unique<test::FakeWeights>();
        m_jobs = std::make_unique<WeightsJobs>(m_fake->source());
        QTRY_VERIFY(!m_jobs->items().isEmpty());
        m_dialog = std::make_unique<WeightsDialog>(*m_jobs);
        m_dialog->show();
    }

    void cleanup()
    {
        m_dialog.reset();
        m_jobs.reset();
        m_fake.reset();
    }

    void everyStateHasItsWordsAndButtons_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QStringList>("buttons");
        const QString details = QStringLiteral("Details…");
        const QString import = QStringLiteral("Import…");
        QTest::newRow("ready") << QStringLiteral("efficientnet-lite0") << QStringLiteral("Ready")
                               << QStringList {details};
        QTest::newRow("unofficial") << QStringLiteral("resnet50:v2")
                                    << QStringLiteral("Imported by hand (unofficial)")
                                    << QStringList {details, QStringLiteral("Get the official, 103\u00A0MB"),
                                                    import};
        QTest::newRow("missing") << QStringLiteral("resnet50:v1") << QString()
                                 << QStringList {details, QStringLiteral("Download 103\u00A0MB"), import};
        QTest::newRow("partly") << QStringLiteral("efficientnet-lite1")
                                << QStringLiteral("Partly here: 12 of 22\u00A0MB")
                                << QStringList {details, QStringLiteral("Continue"), import};
        QTest::newRow("damaged") << QStringLiteral("xception")
                                 << QStringLiteral("Damaged: the file is not what it should be.")
                                 << QStringList {details, QStringLiteral("Download again, 92\u00A0MB"),
                                                 import};
    }

    void everyStateHasItsWordsAndButtons()
    {
        QFETCH(QString, id);
        QFETCH(QString, state);
        QFETCH(QStringList, buttons);
        QCOMPARE(card(id)->stateText(), state);
        QCOMPARE(shownButtons(card(id)), buttons);
    }

    void sizeAccuracyAndLicenceAreShown()
    {
        QString all;
        for (const QLabel* label : card(QStringLiteral("resnet50:v1"))->findChildren<QLabel*>())
            all += QString(label->text()).replace(QChar(0x00A0), QLatin1Char(' ')) + QLatin1Char('\n');
        for (const char* part : {"ResNet50, recipe V1", "103 MB", "76.1 %", "frozen network", "BSD-3-Clause"})
            QVERIFY2(all.contains(QString::fromUtf8(part)), part);
    }

    void ofAnUnofficialFileNothingIsClaimed()
    {
        const QString all = shownTexts(card(QStringLiteral("resnet50:v2")));
        QVERIFY(all.contains(QStringLiteral("licence not known")));
        QVERIFY(!all.contains(QLatin1Char('%')));
        QVERIFY(!card(QStringLiteral("resnet50:v2"))->findChild<QProgressBar*>()->isVisible());
    }

    /// It goes where there is no file yet, not over the one that is used.
    void anUnofficialFileIsTakenAfterAQuestion()
    {
        drop(QStringLiteral("/media/mine.pth"));
        QTRY_VERIFY(m_dialog->findChild<QMessageBox*>());
        auto* box = m_dialog->findChild<QMessageBox*>();
        QVERIFY(box->text().contains(QStringLiteral("mine.pth")));
        QVERIFY(box->text().contains(QStringLiteral("ResNet50, recipe V1")));
        QVERIFY(!box->informativeText().contains(QStringLiteral("takes the place")));
        QCOMPARE(card(QStringLiteral("resnet50:v1"))->stateText(), QString());
        press(box, QStringLiteral("Import as unofficial"));
        QTRY_COMPARE(card(QStringLiteral("resnet50:v1"))->stateText(),
                     QStringLiteral("Imported by hand (unofficial)"));
    }

    void anUnofficialFileIsLeftWhereNobodyTrustsIt()
    {
        drop(QStringLiteral("/media/mine.pth"));
        QTRY_VERIFY(m_dialog->findChild<QMessageBox*>());
        press(m_dialog->findChild<QMessageBox*>(), QStringLiteral("Cancel"));
        QTRY_VERIFY(!m_dialog->findChild<QMessageBox*>());
        QVERIFY(!m_jobs->isImporting());
        QCOMPARE(card(QStringLiteral("resnet50:v1"))->stateText(), QString());
    }

    /// ResNet50 has two files: the question is about the one whose card was used.
    void anImportFromACardMeansThatCard()
    {
        press(card(QStringLiteral("resnet50:v2")), QStringLiteral("Import…"));
        auto* files = m_dialog->findChild<QFileDialog*>();
        QVERIFY(files);
        emit files->fileSelected(QStringLiteral("/media/mine.pth"));
        files->close();
        QTRY_VERIFY(m_dialog->findChild<QMessageBox*>());
        auto* box = m_dialog->findChild<QMessageBox*>();
        QVERIFY2(box->text().contains(QStringLiteral("ResNet50, recipe V2")), qPrintable(box->text()));
        QVERIFY(box->informativeText().contains(QStringLiteral("takes the place")));
        press(box, QStringLiteral("Import as unofficial"));
        QTRY_VERIFY(!m_jobs->isImporting());
        QCOMPARE(card(QStringLiteral("resnet50:v1"))->stateText(), QString());
    }

    /// The weights stay usable; the failure is said in place of their state, and nothing more is claimed.
    void aFailedDownloadOverAnUnofficialFile()
    {
        m_jobs->importUnofficial(QStringLiteral("inception-v3"), "/media/mine.pth");
        WeightsCard* inception = card(QStringLiteral("inception-v3"));
        QTRY_COMPARE(inception->stateText(), QStringLiteral("Imported by hand (unofficial)"));
        press(inception, QStringLiteral("Get the official, 109\u00A0MB"));
        QTRY_VERIFY(inception->stateText().contains(QStringLiteral("no internet")));
        QCOMPARE(shownButtons(inception),
                 (QStringList {QStringLiteral("Details…"), QStringLiteral("Try again"),
                               QStringLiteral("Import…")}));
        QVERIFY(shownTexts(inception).contains(QStringLiteral("licence not known")));
        QVERIFY(m_jobs->items()[4].isUsable());
    }

    void detailsTellTermsAndSource()
    {
        press(card(QStringLiteral("vgg16")), QStringLiteral("Details…"));
        auto* box = m_dialog->findChild<QMessageBox*>();
        QVERIFY(box);
        QVERIFY(box->informativeText().contains(QStringLiteral("non-commercial")));
        QVERIFY(box->informativeText().contains(QStringLiteral("https://example.org/vgg16.pth")));
        box->close();
    }

    void theKeyboardDownloadsAndStops()
    {
        auto* button = shownButton(card(QStringLiteral("vgg16")), QStringLiteral("Download 553\u00A0MB"));
        QVERIFY(button);
        QCOMPARE(button->accessibleName(), QStringLiteral("VGG16: Download 553\u00A0MB"));
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QTRY_COMPARE(card(QStringLiteral("vgg16"))->stateText(), QStringLiteral("61 of 553\u00A0MB"));
        auto* stop = card(QStringLiteral("vgg16"))->findChild<QToolButton*>();
        QCOMPARE(stop->accessibleName(), QStringLiteral("Stop the download of VGG16"));
        QCOMPARE(m_dialog->focusWidget(), stop);
        QTest::keyClick(stop, Qt::Key_Space);
        QTRY_COMPARE(card(QStringLiteral("vgg16"))->stateText(),
                     QStringLiteral("Partly here: 61 of 553\u00A0MB"));
        QCOMPARE(m_dialog->focusWidget(), button); // not on another card
    }

    void theFocusStaysOnACardThatGetsReady()
    {
        auto* button = shownButton(card(QStringLiteral("vgg19")), QStringLiteral("Download 575\u00A0MB"));
        QVERIFY(button);
        button->setFocus();
        QTest::keyClick(button, Qt::Key_Space);
        QTRY_COMPARE(card(QStringLiteral("vgg19"))->stateText(), QStringLiteral("Ready"));
        QCOMPARE(m_dialog->focusWidget(),
                 shownButton(card(QStringLiteral("vgg19")), QStringLiteral("Details…")));
    }

    void aFailureIsSaidAndTriedAgain()
    {
        m_jobs->download(QStringLiteral("inception-v3"));
        WeightsCard* inception = card(QStringLiteral("inception-v3"));
        QTRY_VERIFY(inception->stateText().contains(QStringLiteral("no internet")));
        QVERIFY(shownButtons(inception).contains(QStringLiteral("Try again")));
        for (const QLabel* label : inception->findChildren<QLabel*>()) {
            if (label->text() == inception->stateText())
                QCOMPARE(label->palette().color(QPalette::WindowText), colours().errorText);
        }
        press(inception, QStringLiteral("Try again"));
        QTRY_VERIFY(inception->stateText().contains(QStringLiteral("no internet")));
    }

    void aDroppedStickIsImported()
    {
        drop(QStringLiteral("/media/stick"));
        QTRY_COMPARE(card(QStringLiteral("vgg19"))->stateText(), QStringLiteral("Ready"));
        const QString said = m_dialog->messages()->accessibleName();
        QVERIFY2(said.startsWith(QStringLiteral("1 network imported: VGG19")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral(" other.pth is a ResNet-101 file.")), qPrintable(said));
    }

    void aStickWithoutWeightsIsSaid()
    {
        drop(QStringLiteral("/media/photos"));
        QTRY_VERIFY(m_dialog->messages()->isVisible());
        QCOMPARE(m_dialog->messages()->accessibleName(),
                 QStringLiteral("No weights that Graft knows were found. 3 files looked at."));
        drop(QStringLiteral("/media/mine.pth")); // and is not said of the next one
        QTRY_VERIFY(m_dialog->findChild<QMessageBox*>());
        QVERIFY(!m_dialog->messages()->isVisible());
    }

    void closingStopsNothing()
    {
        Session session;
        StatusStrip strip(session, *m_jobs);
        strip.show();
        QVERIFY(shownTexts(&strip).contains(QStringLiteral("Nothing leaves this computer")));
        m_jobs->download(QStringLiteral("vgg16"));
        m_dialog.reset();
        QTRY_COMPARE(m_jobs->downloads(), 1);
        QVERIFY(!shownTexts(&strip).contains(QStringLiteral("Nothing leaves this computer")));
        bool said = false;
        for (const QToolButton* button : strip.findChildren<QToolButton*>())
            said |= button->isVisible() && button->text() == QStringLiteral("Downloading weights");
        QVERIFY(said);
        m_jobs->cancelAll();
        QTRY_VERIFY(shownTexts(&strip).contains(QStringLiteral("Nothing leaves this computer")));
    }

    void cardsFitTheirWidth()
    {
        for (const int width : {700, 960, 1088}) {
            m_dialog->resize(width, 640);
            QCoreApplication::processEvents();
            const WeightsPanel* panel = m_dialog->panel();
            for (int i = 0; i < panel->count(); ++i) {
                const QRect box(panel->card(i)->mapTo(panel, QPoint()), panel->card(i)->size());
                QVERIFY2(box.right() <= panel->width() && panel->card(i)->width() >= 240,
                         qPrintable(QString::number(width)));
            }
        }
    }

private:
    WeightsCard* card(const QString& id) const
    {
        for (int i = 0; i < m_jobs->items().size(); ++i) {
            if (QString::fromStdString(m_jobs->items()[i].status.id) == id)
                return m_dialog->panel()->card(i);
        }
        qFatal("there is no such card");
    }

    static QPushButton* shownButton(const QWidget* widget, const QString& text)
    {
        for (auto* button : widget->findChildren<QPushButton*>()) {
            if (button->isVisible() && button->text() == text)
                return button;
        }
        return nullptr;
    }

    static QStringList shownButtons(const QWidget* widget)
    {
        QStringList texts;
        for (const auto* button : widget->findChildren<QPushButton*>()) {
            if (button->isVisible())
                texts += button->text();
        }
        return texts;
    }

    static QString shownTexts(const QWidget* widget)
    {
        QString all;
        for (const QLabel* label : widget->findChildren<QLabel*>()) {
            if (label->isVisible())
                all += label->text() + QLatin1Char('\n');
        }
        return all;
    }

    static void press(const QWidget* widget, const QString& text)
    {
        auto* button = shownButton(widget, text);
        QVERIFY2(button, qPrintable(text));
        button->click();
    }

    void drop(const QString& path)
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_dialog.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_dialog.get(), &event);
    }

    std::unique_ptr<test::FakeWeights> m_fake;
    std::unique_ptr<WeightsJobs> m_jobs;
    std::unique_ptr<WeightsDialog> m_dialog;
};

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);
    const test::Scratch settings;
    applyTheme(app, Theme::Light);
    TestWeightsDialog test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_weights_dialog.moc"
