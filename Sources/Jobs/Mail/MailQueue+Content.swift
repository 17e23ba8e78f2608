public import Files
internal import Glibc
public import Model

extension MailQueue {
    /// Whether anybody is written to.
    public var isConfigured: Bool {
        get throws(HostError) { try FileStatus.at(directory.settings).kind != .missing }
    }

    /// For `fairlead mail queue` and `fairlead doctor`.
    public func content() throws(HostError) -> ChannelContent {
        ChannelContent(
            waiting: try entries(in: directory.queue), refused: try entries(in: directory.failed),
            lastAttempt: try lastAttempt(),
            isConfigured: try isConfigured)
    }

    /// Puts what a server refused for good back into the queue, for those recipients that have not got it; only what was
    /// queued at `earliest` or later, where given.
    @discardableResult
    public func requeueRefused(since earliest: Timestamp? = nil) throws(HostError) -> Int {
        let names = MailDirectory.messages(in: directory.failed).filter { name in
            earliest.map { Self.moment(of: name) >= $0 } ?? true
        }
        for name in names {
            let sent = try progress(of: name, in: directory.failed).filter { $0.hasPrefix("sent ") }
            if !sent.isEmpty {
                let text = sent.joined(separator: "\n") + "\n"
                try AtomicFile.write(Array(text.utf8), to: "\(directory.queue)/\(name).progress")
            }
            guard rename("\(directory.failed)/\(name)", "\(directory.queue)/\(name)") == 0 || errno == ENOENT else {
                throw HostError.failed("queue '\(name)' again")
            }
            unlink("\(directory.failed)/\(name).progress")
        }
        return names.count
    }

    private func entries(in place: String) throws(HostError) -> [ChannelContent.Entry] {
        var entries: [ChannelContent.Entry] = []
        for name in MailDirectory.messages(in: place) {
            // One that is sent meanwhile is no error.
            guard let bytes = try? Descriptor("\(place)/\(name)", O_RDONLY).read(limit: 4 << 20) else { continue }
            let answers = try progress(of: name, in: place).filter { $0.hasPrefix("refused ") }
                .map { String($0.dropFirst("refused ".count)) }
            entries.append(
                ChannelContent.Entry(
                    name: name, since: Self.moment(of: name), subject: MailSubject.text(in: bytes, named: name),
                    answers: answers))
        }
        return entries
    }

    /// When the message of that name was queued.
    private static func moment(of name: String) -> Timestamp {
        Timestamp(milliseconds: (Int64(name.prefix { $0.isNumber }) ?? 0) / 1000)
    }

    /// `sent RECIPIENT` and `refused RECIPIENT: ANSWER`.
    private func progress(of name: String, in place: String) throws(HostError) -> [String] {
        let path = "\(place)/\(name).progress"
        guard try FileStatus.at(path).kind == .file else { return [] }
        return String(decoding: try Descriptor(path, O_RDONLY).read(limit: 1 << 20), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    private func lastAttempt() throws(HostError) -> ChannelContent.Attempt? {
        guard let values = try KeyValueFile.read(directory.status), let time = values["time"].flatMap({ Int64($0) }),
            let outcome = values["outcome"].flatMap(ChannelContent.Attempt.Outcome.init)
        else { return nil }
        return ChannelContent.Attempt(
            time: Timestamp(milliseconds: time * 1000), outcome: outcome, error: values["error"] ?? "")
    }
}
