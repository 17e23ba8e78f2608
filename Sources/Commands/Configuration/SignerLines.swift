internal import Model

/// Lines of the lists of signers that name nobody, since ssh-keygen cannot read them.
struct SignerLines {
    /// `FILE:LINE: why` of lines that do not say who one person is; none where nobody has to sign beside others.
    let crowds: [String]
    /// `FILE:LINE: why`, in the order of the files and lines.
    let faults: [String]

    /// None where keyrings of gpg say who signs, and of a list that cannot be read, which others tell.
    init(_ trust: TrustSettings) {
        guard trust.commits.mode == .ssh else {
            (faults, crowds) = ([], [])
            return
        }
        crowds = trust.countsPersons ? trust.commits.allowedSigners.map(Self.crowds) ?? [] : []
        let files = [trust.commits.allowedSigners, trust.overrideSigners, trust.heartbeatSigners].compactMap(\.self)
        faults = files.enumerated().filter { !files[..<$0.offset].contains($0.element) }.flatMap { _, file in
            (Self.list(file)?.faults ?? []).map {
                "\(file):\($0.line): \($0.reason); whoever the line means is not believed"
            }
        }
    }

    private static func crowds(in file: String) -> [String] {
        (list(file)?.crowds ?? []).map { "\(file):\($0.line): \($0.reason)" }
    }

    private static func list(_ file: String) -> AllowedSigners? {
        guard let bytes = try? HostFile(file).read(limit: 1 << 20) else { return nil }
        return AllowedSigners(String(decoding: bytes, as: UTF8.self))
    }

    /// What to write instead.
    static let advice = "write \(AllowedSigners.form)"

    /// For whoever calls a command: the first ones.
    var notes: [String] {
        let more =
            faults.count > 3 ? ["\(faults.count - 3) more lines of signers cannot be read: 'fairlead doctor'"] : []
        return faults.prefix(3).map { "\($0): \(Self.advice)" } + more
    }
}

extension TrustSettings {
    /// Whether it matters anywhere which signers are different persons.
    fileprivate var countsPersons: Bool {
        rotation.threshold.map { $0 > 1 } ?? false || commits.rules.contains { $0.needed > 1 }
    }
}
