public import Model

/// A parsed JSON file that still knows where everything stands.
public struct JSONDocument: Sendable {
    /// Against hostile input; a real plan has some kilobytes, six levels and hundreds of values.
    static let maximumSize = 4 << 20
    static let maximumDepth = 64
    static let maximumValues = 200_000
    static let maximumNameLength = 1024

    /// As it is named in problems: `plan.json`.
    public let file: String
    public let value: JSONValue

    private let source: SourceText
    private let places: SourcePlaces

    /// Parses RFC 8259 JSON in UTF-8 without a byte order mark. Names that stand twice in an object are refused, and
    /// texts that can be taken for others, unless it is the owner's own file (`takesAnyText`).
    public init(file: String, bytes: [UInt8], takesAnyText: Bool = false) throws(PlanProblems) {
        let source = SourceText(bytes)
        let events = try Self.events(of: source, file: file)
        var builder = DocumentBuilder(events: events, takesAnyText: takesAnyText)
        let (value, places) = builder.build()
        guard builder.findings.isEmpty else {
            throw PlanProblems(builder.findings.map { $0.problem(in: source, file: file) })
        }
        self.file = file
        self.value = value
        self.source = source
        self.places = places
    }

    /// Where the name of a member, or an element of an array, begins; the nearest existing parent's place when the
    /// pointer leads nowhere, and the document's own for the empty pointer.
    public func position(of pointer: String) -> SourcePosition? {
        let place = places.nearest(to: pointer)
        return source.position(of: place.name ?? place.value)
    }

    /// Where the value begins that `position(of:)` gives the name of.
    public func valuePosition(of pointer: String) -> SourcePosition? {
        source.position(of: places.nearest(to: pointer).value)
    }

    /// The names of an object's members as they stand in the file; empty for any other value.
    public func names(at pointer: String) -> [String] {
        guard value[pointer: pointer] != nil else { return [] }
        return places.nearest(to: pointer).members.sorted { $0.value.value < $1.value.value }.map(\.key)
    }

    private static func events(of source: SourceText, file: String) throws(PlanProblems) -> [ParserEvent] {
        if let finding = SourceFinding.unreadable(source.bytes) {
            throw PlanProblems([finding.problem(in: source, file: file)])
        }
        guard
            let result = ParserResult(
                parsing: source.bytes, maximumDepth: maximumDepth, maximumValues: maximumValues)
        else { throw PlanProblems([SourceFinding.outOfMemory.problem(in: source, file: file)]) }
        let events = result.events
        if let failure = result.failure {
            let finding = SyntaxDiagnosis(bytes: source.bytes, events: events, failure: failure).finding
            throw PlanProblems([finding.problem(in: source, file: file)])
        }
        return events
    }
}
