internal import Files
internal import Glibc
public import Model

/// A dated copy of root's crontab.
public struct CrontabBackup: Sendable, Hashable {
    /// Such as `2026-11-21T14-03-22Z`.
    public let name: String
    /// There was no crontab at that time.
    public var isAbsence: Bool { name.hasSuffix(CrontabBackups.absenceSuffix) }
    public let saved: Timestamp
    /// In bytes.
    public let size: Int
}

/// Copies of root's crontab as it was before Fairlead changed it: the very first one and the newest.
struct CrontabBackups {
    static let absenceSuffix = ".absent"
    static let retention = 30

    let directory: String

    /// Durable when it returns. Older copies than the retention are removed, but for the oldest: it is what the host
    /// had before Fairlead came.
    func save(_ crontab: Crontab, at now: Timestamp) throws(HostError) -> String {
        try PathName.createDirectories(directory)
        let name = try create(crontab, at: now)
        let names = try all().map(\.name)
        for old in names.dropFirst(Self.retention - 1).dropLast() { unlink("\(directory)/\(old)") }
        return name
    }

    private func create(_ crontab: Crontab, at now: Timestamp) throws(HostError) -> String {
        let suffix = crontab.bytes == nil ? Self.absenceSuffix : ""
        let stamp = Self.name(of: now)
        // Changes within one second. Never a number that was free again: the newest would count as older.
        let last = try all().compactMap { Self.number(of: $0.name, in: stamp) }.max() ?? 0
        for number in last + 1...last + 1000 {
            let name = stamp + (number == 1 ? "" : "-\(number)") + suffix
            if try AtomicFile.create(crontab.bytes ?? [], at: "\(directory)/\(name)") { return name }
        }
        throw HostError("cannot back up the crontab: '\(directory)' holds 1000 copies of this second")
    }

    /// Which one of the second `stamp` it is; `nil` of another.
    private static func number(of name: String, in stamp: String) -> Int? {
        guard name.hasPrefix(stamp) else { return nil }
        return Int(name.dropFirst(stamp.count + 1).prefix { $0.isNumber }) ?? 1
    }

    /// Newest first.
    func all() throws(HostError) -> [CrontabBackup] {
        let found = try DirectoryContent.names(in: directory).compactMap { Self.backup($0, in: directory) }
        return found.sorted { ($0.saved, $0.name.count, $0.name) > ($1.saved, $1.name.count, $1.name) }
    }

    /// `nil` for a name that is none of a copy.
    private static func backup(_ name: String, in directory: String) -> CrontabBackup? {
        guard let saved = moment(of: name) else { return nil }
        var status = stat()
        guard lstat("\(directory)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return CrontabBackup(name: name, saved: saved, size: Int(status.st_size))
    }

    func read(_ name: String) throws(HostError) -> Crontab {
        guard Self.moment(of: name) != nil, try FileStatus.at("\(directory)/\(name)").kind == .file else {
            throw HostError(
                "there is no backup '\(name)' of the crontab", hint: "'fairlead crontab show' lists what there is")
        }
        let bytes = try Descriptor("\(directory)/\(name)", O_RDONLY | O_NOFOLLOW).read(limit: CrontabFile.limit)
        return Crontab(bytes: name.hasSuffix(Self.absenceSuffix) ? nil : bytes)
    }

    private static func name(of moment: Timestamp) -> String {
        var seconds = time_t(moment.milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 64)
        let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H-%M-%SZ", &parts)
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func moment(of name: String) -> Timestamp? {
        let form = /(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)Z(-\d+)?(\.absent)?/
        guard let match = name.wholeMatch(of: form)?.output else { return nil }
        var parts = tm()
        parts.tm_year = (Int32(match.1) ?? 0) - 1900
        parts.tm_mon = (Int32(match.2) ?? 1) - 1
        parts.tm_mday = Int32(match.3) ?? 1
        parts.tm_hour = Int32(match.4) ?? 0
        parts.tm_min = Int32(match.5) ?? 0
        parts.tm_sec = Int32(match.6) ?? 0
        return Timestamp(milliseconds: Int64(timegm(&parts)) * 1000)
    }
}
