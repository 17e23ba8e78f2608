/// Which images a `Containerfile` starts from or copies from; nothing else of it is understood here.
public struct Containerfile: Sendable {
    /// An image that the build does not make itself.
    public struct Base: Hashable, Sendable {
        /// As it stands there, without quotes: `debian:${RELEASE}`.
        public let written: String
        /// With the defaults of the build's arguments put in: `debian:12`.
        public let name: String

        public init(written: String, name: String) {
            self.written = written
            self.name = name
        }
    }

    /// What is longer, or names more images, is not read to its end.
    private static let longest = 1 << 20
    private static let most = 256
    private static let unread = "what is too long to be read"
    static let crowded = "more than 30 marks on one letter"

    /// In the order of the file, each once, as a builder reads it that knows here-documents.
    public private(set) var bases: [Base] = []
    /// What only another builder may take for one: a line of a here-document, a name that is a stage's to the first.
    public private(set) var otherBases: [Base] = []
    /// What is put together from arguments and seems to be no image from elsewhere, and what cannot be read.
    public private(set) var composed: [String] = []

    public init(_ text: String) { self.init(Array(text.utf8)) }

    public init(_ bytes: [UInt8]) {
        guard bytes.count <= Self.longest else {
            composed = [Self.unread]
            return
        }
        let text = ContainerfileText(bytes)
        let possible = PossibleInstructions(text)
        let usual = ContainerfileReading(ContainerfileLines(text, leavingOutDocuments: true).instructions)
        let plain = ContainerfileReading(ContainerfileLines(text, leavingOutDocuments: false).instructions)
        let other = ContainerfileReading(
            possible.instructions, stages: usual.names.intersection(plain.names), count: min(usual.count, plain.count))
        bases = Array(usual.bases.prefix(Self.most))
        let known = Set(bases.map(\.written))
        otherBases = Array(other.bases.filter { !known.contains($0.written) }.prefix(Self.most))
        var seen: Set<String> = []
        composed = (usual.composed + other.composed).filter { seen.insert($0).inserted }
        let isCut = possible.isCut || max(usual.bases.count, other.bases.count, composed.count) > Self.most
        composed = composed.prefix(Self.most) + (isCut ? [Self.unread] : [])
    }
}
