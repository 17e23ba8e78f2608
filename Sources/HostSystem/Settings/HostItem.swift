internal import FoundationEssentials

/// One thing of the host that settings change.
enum HostItem: Hashable, Sendable, Codable {
    /// A file as a whole, or the link in its place.
    case file(String)
    /// Fairlead's own lines in a file of others.
    case block(ManagedBlock)
    /// The kernel's name of the host.
    case hostname
    /// A kernel parameter by name, in dots.
    case parameter(String)
}

/// What such a thing is at one moment.
enum HostValue: Hashable, Sendable, Codable {
    /// There is no file; of a block, not even the file that it would be in.
    case missing
    /// The file has no such block.
    case withoutBlock
    case content(Data)
    /// Where a link points to.
    case link(String)
    /// Lines of a block, a name, a parameter.
    case text(String)

    static func lines(_ lines: [String]) -> Self { .text(lines.map { "\($0)\n" }.joined()) }
    static func file(_ text: String) -> Self { .content(Data(text.utf8)) }
}

extension HostItem {
    static let hostnameFile = Self.file("/etc/hostname")
    static let localTime = Self.file("/etc/localtime")
    static let timeZoneName = Self.file("/etc/timezone")
    static let parameterFile = Self.file("/etc/sysctl.d/90-fairlead.conf")
    static let resolvedDropIn = Self.file("/etc/systemd/resolved.conf.d/fairlead.conf")

    static let journalDropIn = Self.file("/etc/systemd/journald.conf.d/50-fairlead.conf")

    /// What comes first while settings are written: names have to resolve before the host is called so.
    var order: Int {
        switch self {
        case .block: 0
        case .file: 1
        case .hostname: 2
        case .parameter: 3
        }
    }

    /// Whether it is Fairlead's alone: before Fairlead it was not there, whatever is found now.
    var isOwn: Bool {
        switch self {
        case .block, .parameterFile, .resolvedDropIn, .journalDropIn: true
        default: false
        }
    }

    /// A change of it, for people; `nil` where another item says the same.
    func words(from old: HostValue, to new: HostValue) -> String? {
        switch self {
        case .hostname: "host name \(old.shown) -> \(new.shown)"
        case .parameter(let name): "kernel parameter \(name) \(old.shown) -> \(new.shown)"
        case .localTime: "time zone \(old.zone) -> \(new.zone)"
        case .hostnameFile, .timeZoneName, .parameterFile: nil
        case .block(let block): "\(block.title) in '\(block.file)' \(new.isNothing ? "removed" : "written")"
        case .file(let path): "'\(path)' \(new.isNothing ? "removed" : "written")"
        }
    }
}

extension HostValue {
    var isNothing: Bool { self == .missing || self == .withoutBlock }

    /// The time zone that a link to the database names.
    var zoneName: String? {
        guard case .link(let target) = self, let range = target.firstRange(of: "zoneinfo/") else { return nil }
        return String(target[range.upperBound...])
    }

    fileprivate var zone: String { zoneName.map { "'\($0)'" } ?? (isNothing ? "none" : "of its own") }

    fileprivate var shown: String {
        if case .text(let text) = self { "'\(text)'" } else { "none" }
    }
}
