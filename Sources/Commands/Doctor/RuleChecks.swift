internal import FoundationEssentials
internal import GitSource
internal import Planning

/// The rules on who may change what, and whether each can be met.
struct RuleChecks {
    let trust: TrustSettings
    let signers: SignerList

    var checks: [HostCheck] {
        let listed = listed
        return trust.commits.rules.map { rule in
            guard let fault = rule.fault(listed: listed) else { return .ok("rule", rule.summary) }
            return .warn(
                "rule", "\(rule.summary): \(fault), so what it is about cannot be changed",
                "mend 'trust.commits.rules', or the list of signers '\(signers.file)'")
        }
    }

    /// Only a list of ssh says who is on it without another program.
    private var listed: Set<String>? {
        guard signers.form == .ssh, let text = try? Data(contentsOf: URL(filePath: signers.file)) else { return nil }
        return SignerNames.persons(inAllowedSigners: String(decoding: text, as: UTF8.self))
    }
}
