/// The labels on everything that Fairlead makes. It never touches what does not carry its stack's label.
public enum FairleadLabel {
    public static let stack = "io.fairlead.stack"
    public static let container = "io.fairlead.container"
    public static let commit = "io.fairlead.commit"
    public static let deployment = "io.fairlead.deployment"
    /// The subnet that a network was made with.
    public static let subnet = "io.fairlead.subnet"
    /// In place of `stack` on what a backup drill makes, so that nobody takes it for the stack's.
    public static let drill = "io.fairlead.drill"
}
