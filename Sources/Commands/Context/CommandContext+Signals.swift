internal import Glibc
internal import UnixSignals

extension CommandContext {
    /// What ends a command that acts. Not those that the caller ignores: `nohup` asks to outlive the terminal.
    var trappedSignals: [UnixSignal] {
        guard trapsSignals else { return [] }
        return [UnixSignal.sigint, .sigterm, .sighup].filter { !Self.isIgnored($0.rawValue) }
    }

    private static func isIgnored(_ signal: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(signal, nil, &action) == 0 else { return false }
        // SIG_IGN is the function pointer 1, which Swift cannot compare.
        return unsafeBitCast(action.__sigaction_handler, to: Int.self) == 1
    }
}
