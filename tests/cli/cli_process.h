#pragma once
#include <QJsonArray>
#include <QJsonObject>
#include <QProcessEnvironment>
#include <QStringList>

/// What graft-cli did.
struct CliResult {
    int code = -1; ///< 128 and more: it was ended by a signal
    QByteArray out;
    QByteArray err;
    QJsonObject json; ///< of stdout; empty where that is not exactly one object
};

/// Runs the program that was built, to its end. Without `--json` among the arguments `json` stays empty.
CliResult cli(const QStringList& arguments,
              const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment());

/// Starts the program, waits until stderr shows `sign`, sends it `signal` and waits for its end.
CliResult cliWithSignal(const QStringList& arguments, const QByteArray& sign, int signal);

/// The environment with a data folder of its own, so that the weights of this computer are not seen.
QProcessEnvironment withDataFolder(const QString& folder);

/// The sentence of a failure: stderr's last line.
QString sentenceOf(const CliResult& result);
