internal import Model

/// A host cannot be set up as it was asked for.
struct SetupError: Actionable {
    let message: String
    let hint: String
    var disposition: Disposition { .permanent }

    init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }
}

/// Somebody has to put something in place before the setup can go on; what that is has been told.
struct SetupPause: Error, Equatable {
    /// What the arguments of the next run have to say besides.
    var further: [String] = []
}
