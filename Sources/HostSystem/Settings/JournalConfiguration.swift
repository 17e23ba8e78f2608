package import Files
internal import FoundationEssentials
internal import Glibc

/// What systemd's journal goes by: `journald.conf` and its drop-ins, put together as systemd does.
package struct JournalConfiguration: Sendable {
    package struct Setting: Hashable, Sendable {
        package let value: String
        /// Where it is written; `nil` for journald's own value.
        package let file: String?
    }

    /// In the order of their precedence.
    private static let directories = [
        "/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd",
    ]
    private static let standard = ["RateLimitIntervalSec": "30s", "RateLimitBurst": "10000", "Storage": "auto"]
    private static let formerNames = ["RateLimitInterval": "RateLimitIntervalSec"]

    private var settings = standard.mapValues { Setting(value: $0, file: nil) }

    /// Of this host; `root` is another directory than `/` in tests.
    package init(root: String = "") throws(HostError) {
        for file in Self.files(in: root) {
            let bytes = try Descriptor(root + file, O_RDONLY).read(limit: SystemFile.limit)
            for (name, value) in Self.assignments(in: String(decoding: bytes, as: UTF8.self)) {
                let name = Self.formerNames[name] ?? name
                guard Self.isTaken(value, for: name) else { continue }
                settings[name] = Setting(value: value, file: file)
            }
        }
    }

    package subscript(name: String) -> Setting { settings[name] ?? Setting(value: "", file: nil) }

    /// Whether lines are dropped when many come at once: both have to be set.
    package var limitsRate: Bool { !Self.isZero(interval.value) && !Self.isZero(burst.value) }

    package var interval: Setting { self["RateLimitIntervalSec"] }
    package var burst: Setting { self["RateLimitBurst"] }
    package var storage: Setting { self["Storage"] }

    /// The main file of the first directory that has one, then drop-ins by their names: of two with one name the first
    /// directory's counts.
    private static func files(in root: String) -> [String] {
        let main = directories.map { "\($0)/journald.conf" }.first { access(root + $0, F_OK) == 0 }
        var dropIns: [String: String] = [:]
        for directory in directories.map({ "\($0)/journald.conf.d" }) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root + directory)) ?? []
            for name in names where name.hasSuffix(".conf") && dropIns[name] == nil {
                dropIns[name] = "\(directory)/\(name)"
            }
        }
        let sorted = dropIns.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
        return ([main].compactMap(\.self) + sorted).filter { access(root + $0, R_OK) == 0 }
    }

    private static func assignments(in text: String) -> [(name: String, value: String)] {
        var section = ""
        var found: [(name: String, value: String)] = []
        for line in joined(text) {
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = line
            } else if section == "[Journal]", let sign = line.firstIndex(of: "=") {
                found.append((trimmed(line[..<sign]), trimmed(line[line.index(after: sign)...])))
            }
        }
        return found
    }

    /// Without comments, and with lines that go on behind a backslash as one.
    private static func joined(_ text: String) -> [String] {
        var lines: [String] = []
        var begun = ""
        for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = trimmed(raw)
            guard !line.hasPrefix("#"), !line.hasPrefix(";") else { continue }
            if line.hasSuffix("\\") {
                begun += line.dropLast() + " "
            } else {
                lines.append(trimmed((begun + line)[...]))
                begun = ""
            }
        }
        return begun.isEmpty ? lines : lines + [trimmed(begun[...])]
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// journald passes over what it cannot read, and goes by what was written before.
    private static func isTaken(_ value: String, for name: String) -> Bool {
        switch name {
        case "RateLimitIntervalSec":
            value == "infinity" || value.wholeMatch(of: /(?:[0-9]+(?:\.[0-9]+)?\s*[A-Za-zµμ]*\s*)+/) != nil
        case "RateLimitBurst": value.wholeMatch(of: /[0-9]+/) != nil
        default: true
        }
    }

    /// `0`, `0s`, `0min 0s`.
    private static func isZero(_ value: String) -> Bool {
        value.contains(where: \.isNumber) && !value.contains { $0.isNumber && $0 != "0" }
    }
}
