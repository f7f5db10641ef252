#pragma once
#include "ui/theme.h"

#include <QFrame>
#include <QIcon>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

class QButtonGroup;
class QHBoxLayout;
class QTableView;

namespace graft::ui {

/// The small parts that pages are put together from, with the looks of resources/style/style.qss.

QLabel* makeLabel(const char* role,
                  const QString& text = {}); ///< role: h2, strong, muted, caption, answer or ""
QFrame* makeCard();
QFrame* makeRule(); ///< a line across
QPushButton* makeButton(const char* iconName, const QString& text); ///< no icon where the name is empty
QToolButton* makeIconButton(const char* iconName, const QString& name); ///< name: tooltip, for screen readers
QPushButton* makeFlatButton(const QString& text); ///< small, without a border: "Save log..."

/// Checkable buttons side by side of which one is down; ids are 0, 1, ...
QButtonGroup* makeSegments(QHBoxLayout* row, const QStringList& texts, QWidget* owner);

/// A list of rows 32 px high without grid, header columns or editing.
void makePlain(QTableView* view);

/// Shows an icon in the colours of the theme.
class IconLabel : public QLabel
{
    Q_OBJECT
public:
    explicit IconLabel(int size, QWidget* parent = nullptr); ///< pixels

    void setIcon(const QIcon& icon);
    /// For the top of a row: the icon is in the middle of the first line of `text`.
    void standBeside(const QLabel& text);

protected:
    void changeEvent(QEvent* event) override;

private:
    QIcon m_icon;
    int m_size;
};

/// A label whose text is cut in the middle with "..." where it does not fit; the whole text is its tooltip.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    using QLabel::QLabel;

    void setFullText(const QString& text);

    QString fullText() const { return m_text; }

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void elide();

    QString m_text;
};

} // namespace graft::ui
