#pragma once
#include <QFrame>
#include <QStringList>

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedLayout;

namespace graft::ui {

/// A dashed frame that takes files and folders from the desktop, with buttons for those who do not drag.
class DropArea : public QFrame
{
    Q_OBJECT
public:
    /// `drawing` is a name as for icon(), shown 200 by 104 pixels.
    DropArea(const char* drawing, const QString& title, const QString& sentence, QWidget* parent = nullptr);

    void setSentence(const QString& sentence);
    void addButton(QPushButton* button); ///< the area owns it

    /// Shows how far something is instead, with Stop. `total` 0: not known. Drops are refused meanwhile.
    void setBusy(const QString& text, qint64 done, qint64 total);
    void setIdle();
    bool isBusy() const;

signals:
    void dropped(const QStringList& paths); ///< files and folders of this computer, at least one
    void stopRequested();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeIdle(const char* drawing, const QString& title);
    QWidget* makeBusy();
    void setTargeted(bool targeted);

    QStackedLayout* m_stack;
    QLabel* m_sentence;
    QHBoxLayout* m_buttons;
    QLabel* m_busyText;
    QProgressBar* m_busyBar;
    bool m_targeted = false;
};

} // namespace graft::ui
