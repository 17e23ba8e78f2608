internal import Model

/// One event as the health check's script writes it: header lines `Key: value`, an empty line, free text.
struct IncidentFile {
    /// Lines of a log that are worth keeping; what is longer loses its beginning.
    private static let longestLog = 16 << 10
    private static let longestValue = 1000

    private let values: [Substring: String]
    private let log: String

    init(_ bytes: [UInt8]) {
        // A check's output may hold any bytes.
        let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n").replacing("\0", with: "")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let header = lines.prefix { !$0.isEmpty }
        var values: [Substring: String] = [:]
        for line in header {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            values[line[..<colon]] = values[line[..<colon]] ?? String(value.prefix(Self.longestValue))
        }
        self.values = values
        let rest = lines.dropFirst(header.count + 1).joined(separator: "\n")
        log = String(rest.suffix(Self.longestLog)).trimmingNewlines
    }

    /// Throws what is wrong with it, as a few words.
    func event() throws(IncidentFileDamage) -> IncidentEvent {
        guard let event = IncidentEvent.Event(rawValue: try word("Event")) else {
            throw IncidentFileDamage("'Event' is unknown")
        }
        guard let kind = IncidentRecord.Kind(rawValue: try word("Kind")) else {
            throw IncidentFileDamage("'Kind' is unknown")
        }
        let time = try moment("Time")
        return IncidentEvent(
            incident: try word("Incident"), event: event, kind: kind, subject: try word("Subject"), time: time,
            since: values["Since"] == nil ? time : try moment("Since"), details: details)
    }

    private var details: IncidentDetails {
        IncidentDetails(
            reason: values["Reason"] ?? "", action: values["Action"] ?? "", host: values["Host"] ?? "",
            stack: present("Stack"), version: present("Version"), commit: present("Commit").flatMap(CommitID.init),
            deployment: present("Deployment").flatMap { Int64($0) }, log: log.isEmpty ? nil : log)
    }

    private func present(_ key: Substring) -> String? { values[key].flatMap { $0.isEmpty ? nil : $0 } }

    private func word(_ key: Substring) throws(IncidentFileDamage) -> String {
        guard let value = present(key) else { throw IncidentFileDamage("'\(key)' is missing") }
        return value
    }

    /// Seconds since 1970.
    private func moment(_ key: Substring) throws(IncidentFileDamage) -> Timestamp {
        guard let seconds = Int64(try word(key)), case (let time, false) = seconds.multipliedReportingOverflow(by: 1000)
        else { throw IncidentFileDamage("'\(key)' is no time") }
        return Timestamp(milliseconds: time)
    }
}

/// Why a file of the spool cannot be understood.
struct IncidentFileDamage: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

extension String {
    fileprivate var trimmingNewlines: String {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        while text.first?.isNewline == true { text.removeFirst() }
        return String(text)
    }
}
