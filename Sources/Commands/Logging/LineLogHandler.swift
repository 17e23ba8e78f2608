public import Logging

/// Log lines for standard error: a message and its metadata as `key=value`, one line an event.
public struct LineLogHandler: LogHandler {
    public enum Form: Sendable {
        /// `2026-11-21 10:32:07 info message key=value`.
        case dated
        /// `<6>message key=value`: journald keeps time and priority itself.
        case journald
        /// `info: message key=value`, for a person who runs a command.
        case plain
    }

    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    private let form: Form
    private let clock: HostClock
    private let write: @Sendable (String) -> Void

    public init(
        level: Logger.Level = .info, form: Form, clock: HostClock = .system, write: @escaping @Sendable (String) -> Void
    ) {
        logLevel = level
        self.form = form
        self.clock = clock
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var values = metadata.merging(event.metadata ?? [:]) { $1 }
        if let error = event.error { values["error"] = "\(error)" }
        let pairs = values.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
        write(prefix(event.level) + Self.singleLine("\(event.message)") + pairs + "\n")
    }

    private func prefix(_ level: Logger.Level) -> String {
        switch form {
        case .journald: return "<\(level.priority)>"
        case .plain: return "\(level.rawValue): "
        case .dated:
            let now = clock.now()
            return "\(CivilTime(now, offset: clock.offset(now)).seconds) \(level.rawValue) "
        }
    }

    /// A value as it is, or in quotes when it holds something that would make the line ambiguous.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.unicodeScalars.allSatisfy { $0.value > 32 && $0.value != 127 && $0 != "\"" && $0 != "=" }
        guard !isPlain || value.isEmpty else { return value }
        let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(singleLine(escaped))\""
    }

    /// One event is one line: a line break from elsewhere must not be able to forge a second event.
    private static func singleLine(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 10, 13: line.append(contentsOf: "\\n".unicodeScalars)
            case ..<32, 127...159: line.append(" ")
            default: line.append(scalar)
            }
        }
        return String(line)
    }
}

extension Logger.Level {
    /// syslog's number for it.
    var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
