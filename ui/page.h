#pragma once
#include <QFrame>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedLayout;

namespace graft::ui {

class ElidedLabel;
class IconLabel;

/// A line across the page: icon, sentence, buttons, close.
class MessageBar : public QFrame
{
    Q_OBJECT
public:
    enum class Kind { Info, Warning, Error };

    explicit MessageBar(QWidget* parent = nullptr); ///< hidden

    /// `strong` is set in bold before `text`. Earlier buttons are removed.
    void display(Kind kind, const QString& strong, const QString& text);
    QPushButton* addButton(const QString& text); ///< after display(); the caller connects it
    void setDetails(const QString& details); ///< adds "Details..." that shows them

private:
    IconLabel* m_icon;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

/// Widgets below one another in the middle of a page: icon, sentence, button.
QWidget* centredColumn(const QList<QWidget*>& widgets);

/// One page of the window: header (title, subtitle, actions at the right), message bar, and a body that is in
/// one of four states. Header and message bar keep 24 px from the sides; a body reaches the edges and sets
/// its own margins.
class Page : public QWidget
{
    Q_OBJECT
public:
    enum class State { Empty, Loading, Normal, Error };

    explicit Page(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setSubtitle(const QString& subtitle);
    void addAction(QWidget* widget); ///< to the right end of the header; the page owns it

    MessageBar* messages() const { return m_messages; }

    void setBody(QWidget* body); ///< what Normal shows, scrolled where it does not fit; the page owns it
    void setEmpty(const char* iconName, const QString& sentence,
                  const QString& button); ///< button may be empty
    void setEmpty(QWidget* widget); ///< an own empty state, such as a DropArea
    void setLoading(const QString& text, int done, int total); ///< total 0: not known
    void setError(const QString& sentence, const QString& remedy, const QString& details);
    void setState(State state);
    State state() const;

signals:
    void emptyAction(); ///< the empty state's button
    void stopRequested(); ///< the loading state's Stop
    void errorAction(); ///< the error state's remedy

private:
    QWidget* makeEmpty();
    QWidget* makeLoading();
    QWidget* makeError();

    QLabel* m_title;
    ElidedLabel* m_subtitle;
    QHBoxLayout* m_actions;
    MessageBar* m_messages;
    QStackedLayout* m_stack; ///< one widget for each State, in its order
    IconLabel* m_emptyIcon;
    QLabel* m_emptyText;
    QPushButton* m_emptyButton;
    QLabel* m_loadingText;
    QProgressBar* m_loadingBar;
    QLabel* m_errorText;
    QLabel* m_errorDetails;
    QPushButton* m_errorButton;
    QPushButton* m_errorMore;
};

} // namespace graft::ui
