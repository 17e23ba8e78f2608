/// Says in a person's words why a document is no JSON.
struct SyntaxDiagnosis {
    let bytes: [UInt8]
    let events: [ParserEvent]
    let failure: ParserFailure

    var finding: SourceFinding {
        SourceFinding(offset: failure.offset, message: "is no valid JSON")
    }
}
