internal import Files
internal import Glibc

/// Where mail lies in the state directory; everything in it is root's alone.
struct MailDirectory: Sendable {
    let path: String

    /// That of the deployed plan.
    init(stateDirectory: String) { path = "\(stateDirectory)/mail" }

    /// That of the host's owner.
    init(ownerIn stateDirectory: String) { path = "\(stateDirectory)/owner-mail" }

    /// Configuration of msmtp; holds the password.
    var msmtprc: String { "\(path)/msmtprc" }
    /// What sends mail, as `key=value` lines. Mail is configured where this file is.
    var settings: String { "\(path)/settings" }
    /// What waits, sent by name, which begins with the time: messages, and complete mails that an older version queued.
    var queue: String { "\(path)/queue" }
    /// What a server refused for good, in the same two forms.
    var failed: String { "\(path)/failed" }
    /// How the newest attempt ended, as `key=value` lines.
    var status: String { "\(path)/status" }
    /// Sends the queue at once. It comes with the settings, and works before cron jobs are installed and after they are gone.
    var sender: String { "\(path)/send-mail" }

    /// Of the name of a message; a sender of an older version leaves it alone.
    static let messageSuffix = ".message"
    /// Of the name of a complete mail.
    static let mailSuffix = ".eml"

    /// From now on nothing is mailed; what waits stays.
    func removeSettings() throws(HostError) {
        for path in [settings, msmtprc, sender] where unlink(path) != 0 && errno != ENOENT {
            throw HostError.failed("remove '\(path)'")
        }
    }

    /// Names of what lies in `directory`, oldest first; none where it is missing.
    static func messages(in directory: String) -> [String] {
        let names = (try? DirectoryContent.names(in: directory)) ?? []
        return names.filter { name in
            !name.hasPrefix(".") && (name.hasSuffix(messageSuffix) || name.hasSuffix(mailSuffix))
        }.sorted()
    }
}

/// A small file of `key=value` lines that Bash scripts read and write too.
enum KeyValueFile {
    /// `nil` where it is missing.
    static func read(_ path: String) throws(HostError) -> [String: String]? {
        guard try FileStatus.at(path, followingLinks: true).kind != .missing else { return nil }
        let text = String(decoding: try Descriptor(path, O_RDONLY).read(limit: 64 << 10), as: UTF8.self)
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let mark = line.firstIndex(of: "=") else { continue }
            values[String(line[..<mark])] = String(line[line.index(after: mark)...])
        }
        return values
    }
}
