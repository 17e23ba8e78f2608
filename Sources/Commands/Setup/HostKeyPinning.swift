internal import Files
internal import GitSource

/// Pins the key of the git host, once.
struct HostKeyPinning: Sendable {
    let server: HostKeyServer
    let named: HostKeyName?
    let replaces: Bool
    /// The file of known_hosts.
    let file: String
    let transcript: SetupTranscript

    /// Returns the key that somebody has to compare, where nobody did.
    func pin() async throws -> ShownHostKey? {
        guard !transcript.isDryRun else { return foretell() }
        let (shown, pinned) = (await server.shownKeys(), await server.pinnedLines(in: file))
        switch HostKeyChoice(shown: shown, pinned: pinned, named: named, replaces: replaces) {
        case nil: throw silent
        case .pinned: transcript.say("- the key of '\(server.host)' is pinned")
        case .changed: throw changed
        case .take(let keys):
            if named == .accept { transcript.say("- took the key of '\(server.host)' unseen, since you said 'accept'") }
            try write(keys, inPlaceOf: pinned)
        case .notShown: throw notShown(shown)
        case .ask(let key):
            guard isConfirmed(key) else { return key }
            try write([key], inPlaceOf: pinned)
        }
        return nil
    }

    private func foretell() -> ShownHostKey? {
        let content = try? HostFile(file).read(limit: 1 << 20)
        if content?.isEmpty != false { transcript.say("would pin the key of '\(server.host)' in \(file)") }
        return nil
    }

    private func isConfirmed(_ key: ShownHostKey) -> Bool {
        transcript.say()
        transcript.say(
            "The git host '\(server.host)' shows this key; compare it with what its operator tells or publishes:")
        transcript.note([key.line])
        let answer = transcript.console.askAtTerminal("Is it the right one? [y/N] ", .seconds(600))
        return ["y", "Y", "yes"].contains(answer)
    }

    private func write(_ keys: [ShownHostKey], inPlaceOf pinned: [KnownHostLine]) throws {
        let former = try HostFile(file).read(limit: 1 << 20) ?? []
        let numbers = Set(pinned.filter { $0.key != nil }.map(\.number))
        let bytes = Self.content(former, without: numbers, adding: keys.map { "\(server.name) \($0.key)" })
        try AtomicFile.write(bytes, to: file)
        transcript.say("- pinned the key of '\(server.host)': \(keys.first?.line ?? "")")
    }

    /// `former` without the lines of these numbers, and with those that are new at its end.
    static func content(_ former: [UInt8], without numbers: Set<Int>, adding lines: [String]) -> [UInt8] {
        var kept = former.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if kept.last?.isEmpty == true { kept.removeLast() }
        let rest = kept.enumerated().filter { !numbers.contains($0.offset + 1) }.map { Array($0.element) }
        return (rest + lines.map { Array($0.utf8) }).flatMap { $0 + [UInt8(ascii: "\n")] }
    }
}

extension HostKeyPinning {
    private var silent: SetupError {
        SetupError(
            "the git host '\(server.host)' shows no ssh key on port \(server.port)",
            hint: "check that ssh is what listens there, then run the same line again")
    }

    private var changed: SetupError {
        SetupError(
            "the key of '\(server.host)' is not the one that was pinned: somebody may be in between",
            hint: "ask who runs it; if it has a new key, add --force --host-key SHA256:… with its fingerprint")
    }

    private func notShown(_ shown: [ShownHostKey]) -> SetupError {
        transcript.complain(shown.map(\.line))
        return SetupError(
            "the git host '\(server.host)' does not have the key of '--host-key'; it shows those above",
            hint: "somebody may be in between: ask who runs it which one is right")
    }
}

extension ShownHostKey {
    /// As ssh-keygen prints it: `SHA256:… (ED25519)`.
    fileprivate var line: String { "\(fingerprint) (\(kind))" }
}
