/// One thing that is wrong with a value, before it has a place in a file.
struct SchemaFinding: Hashable {
    enum Kind: Hashable {
        /// The value is of another JSON type than those named here.
        case type([String])
        /// A required member is not there.
        case missing(String)
        /// A member that is not allowed, with the one that was probably meant.
        case unknown(meant: String?)
        /// A text that valijson never saw whole, so that its verdict does not count.
        case overlong
        case other
    }

    var pointer: String
    var kind = Kind.other
    var message: String
    var hint = ""
}
