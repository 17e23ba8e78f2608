internal import FoundationEssentials
public import Model

extension DesiredState {
    /// The canonical JSON: members sorted, no white space, absent optional values left out. Equal states, equal bytes.
    public func encoded() -> [UInt8] { JSONValue(encoding: self).encoded() }

    /// `sha256:` and 64 hexadecimal digits over the canonical JSON.
    public var digest: String { "sha256:" + ContentDigest.hex(of: encoded()) }
}

extension NewDeployment {
    public init(
        commit: CommitID?, desired: DesiredState?, trigger: DeploymentTrigger, changes: [PlanChange],
        document: PlanDocument? = nil, restored: BackupRunID? = nil
    ) {
        self.init(
            commit: commit, version: desired?.plan.version ?? "", planDigest: desired?.digest ?? "", trigger: trigger,
            changes: changes, document: document, restored: restored)
    }
}

extension JSONValue {
    /// `null` for what cannot be encoded; no value of the plan is of that kind, since numbers that are not finite,
    /// the encoder's only refusal, become texts.
    init(encoding value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let bytes = try? encoder.encode(value),
            // Not through a document: its limits are for what people write.
            let result = ParserResult(parsing: [UInt8](bytes), maximumDepth: .max, maximumValues: .max),
            result.failure == nil
        else {
            self = .null
            return
        }
        var builder = DocumentBuilder(events: result.events, takesAnyText: true)
        self = builder.build().0
    }
}
