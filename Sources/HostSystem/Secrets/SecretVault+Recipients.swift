public import Files
internal import Glibc
internal import Model

extension SecretVault {
    /// Who can open the secrets.
    public struct Recipient: Codable, Hashable, Sendable {
        /// A public key, as age takes it: without the comment of an SSH key.
        public var key: String
        /// Whose it is.
        public var name: String

        /// Understands a line of the file, and the content of an SSH `.pub` file; `nil` for anything else.
        public init?(_ line: String) {
            let line = line.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            let halves = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let words = (halves.first ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
            let isSSH = ["ssh-ed25519", "ssh-rsa"].contains(words.first)
            guard let first = words.first, isSSH ? words.count >= 2 : first.hasPrefix("age1") else { return nil }
            // A private half would be published with the next commit.
            guard !line.contains("AGE-SECRET-KEY-") else { return nil }
            key = isSSH ? "\(first) \(words[1])" : first
            let comment = halves.dropFirst().first?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
            name = (comment.isEmpty ? Array(words.dropFirst(isSSH ? 2 : 1)) : comment).joined(separator: " ")
        }
    }

    private var recipientsPath: String { "\(directory)/\(Self.recipientsFile)" }

    /// Those of the file, in its order; none when there is no such file.
    public func recipients() throws(HostError) -> [Recipient] {
        var recipients: [Recipient] = []
        for (index, line) in try recipientLines().enumerated() {
            if line.prefix(while: { $0 != "#" }).allSatisfy(\.isWhitespace) { continue }
            guard let recipient = Recipient(line) else {
                throw HostError(
                    "\(Self.recipientsFile):\(index + 1): no public key of age or SSH",
                    hint: "write 'age1…', or a line of a .pub file (ssh-ed25519, ssh-rsa), with '# whose' behind it")
            }
            recipients.append(recipient)
        }
        return recipients
    }

    /// Adds one at the end of the file, and lets it open the secrets; returns false when it is there already.
    public func admit(_ recipient: Recipient) async throws(HostError) -> Bool {
        guard try !recipients().contains(where: { $0.key == recipient.key }) else { return false }
        let line = recipient.name.isEmpty ? recipient.key : "\(recipient.key) # \(recipient.name)"
        try await replace(try recipientLines() + [line])
        return true
    }

    /// Removes the ones with this key or this name, so that they cannot open what is encrypted from now on; returns them.
    public func expel(_ keyOrName: String) async throws(HostError) -> [Recipient] {
        let wanted = Recipient(keyOrName)?.key
        let gone = try recipients().filter { $0.key == wanted || !keyOrName.isEmpty && $0.name == keyOrName }
        guard !gone.isEmpty else { return [] }
        try await replace(try recipientLines().filter { line in !gone.contains { $0.key == Recipient(line)?.key } })
        return gone
    }

    /// Nothing changes unless the secrets can be opened, and encrypted to all of the new ones.
    private func replace(_ lines: [String]) async throws(HostError) {
        let sealed = try await encrypted(try await open(), to: lines.compactMap(Recipient.init))
        // In this order: after a crash in between, the same command does the rest.
        if try exists { try save(sealed) }
        try AtomicFile.write(
            Array((lines.joined(separator: "\n") + "\n").utf8), to: recipientsPath, mode: FileMode(bits: 0o644))
    }

    private func recipientLines() throws(HostError) -> [String] {
        guard try FileStatus.at(recipientsPath).kind != .missing else {
            return ["# Who can open \(Self.secretsFile): a public key a line."]
        }
        let bytes = try Descriptor(recipientsPath, O_RDONLY).read(limit: 1 << 20)
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.scalarInCrowd == nil else {
            throw HostError(
                "'\(Self.recipientsFile)' has more than 30 marks on one letter", hint: "remove that line of it")
        }
        let lines = text.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return (lines.last == "" ? lines.dropLast() : lines).map(String.init)
    }
}
