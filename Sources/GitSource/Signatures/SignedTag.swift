internal import FoundationEssentials
internal import Model

/// An annotated tag of the server, and who signed it.
struct SignedTag {
    enum Finding {
        case absent
        /// It does not count, and why.
        case refused(String)
        /// What it says, without the signature.
        case signed(String, CommitSigner)
    }

    private let source: GitSource
    private let signers: SignerList

    /// `signers` may sign such tags.
    init(source: GitSource, signers: SignerList) {
        self.source = source
        self.signers = signers
    }

    /// Asks the server for the tag `name`, and verifies it.
    /// - Throws: `GitFailure` where that cannot be done.
    func finding(_ name: String, at time: Timestamp) async throws -> Finding {
        let program = try signers.checkedProgram(path: nil)
        let answer = try await source.askForTags(.tag, name)
        guard let id = answer.tag else { return .absent }
        return try await findings([id], program, at: time).first ?? .absent
    }

    /// The same for the tags whose names begin with `prefix`, by name; before them that there are too many, where there are.
    func findings(below prefix: String, at time: Timestamp) async throws -> [(name: String, finding: Finding)] {
        let program = try signers.checkedProgram(path: nil)
        let answer = try await source.askForTags(.tags, prefix, listed: signers.names)
        let tags = (answer.tags ?? [:]).sorted { $0.key < $1.key }
        let found = try await findings(tags.map(\.value), program, at: time)
        let crowd = Self.crowd(answer.tagCount ?? 0, prefix).map { [$0] } ?? []
        return crowd + zip(tags, found).map { (name: $0.key, finding: $1) }
    }

    private static func crowd(_ count: Int, _ prefix: String) -> (name: String, finding: Finding)? {
        guard count > TagNames.most else { return nil }
        let words = "there are \(count), of which \(TagNames.most) were looked at, first those named after signers"
        return (name: "\(prefix)*", finding: .refused("\(words); remove those that nobody needs"))
    }

    /// In the order of `ids`.
    private func findings(_ ids: [String], _ program: String, at time: Timestamp) async throws -> [Finding] {
        let verifier = SignatureVerifier(source: source, signers: signers)
        var found: [Finding] = []
        for object in try await verifier.objects(ids) {
            found.append(try await finding(of: object, verifier, program, at: time))
        }
        return found
    }

    private func finding(
        of object: ExtractedObject, _ verifier: SignatureVerifier, _ program: String, at time: Timestamp
    ) async throws -> Finding {
        switch try await verifier.finding(of: object, program, at: time) {
        case .unsigned: return .refused("it is not signed")
        case .refused(let why): return .refused("its signature \(why)")
        case .signed(let signer):
            let text = String(decoding: object.object?.payload ?? Data(), as: UTF8.self)
            // To take it apart would keep a host busy with each poll, for a key that may only say that a branch is current.
            if let scalar = text.scalarInCrowd { return .refused("it has too many \(scalar.codePoint) on one letter") }
            return .signed(text, signer)
        }
    }
}
