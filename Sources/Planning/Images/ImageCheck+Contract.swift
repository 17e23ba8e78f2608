internal import Model

/// What labels of the image say that nobody can follow.
extension ImageCheck {
    /// A check that was meant and is not made would count a container as well that serves nobody.
    var strangeContract: ImageObstacle? {
        guard let problem = contract.problems.first else { return nil }
        let more = contract.problems.count - 1
        return ImageObstacle(
            message: "image of '\(name)': \(ForeignText("\(problem)", limit: 500))"
                + (more > 0 ? " (and \(more.counted("more problem")))" : ""),
            hint: "correct the label and build the image anew, or write the key into container '\(name)' of the plan, "
                + "which takes the label's place")
    }

    private static let mostShown = 8

    /// An image may be newer than this Fairlead.
    var strangeLabels: [String] {
        guard asksLabels else { return vainLabels }
        let unknown = ImageLabel.unknown(among: image.labels)
        let left = unknown.count - Self.mostShown
        return unknown.prefix(Self.mostShown).map { label in
            "\(name): its image has the label '\(ForeignText(label.name, limit: 100))', which this fairlead "
                + "does not know"
                + (label.meant.map { "; did it mean '\($0)'?" } ?? "")
        } + (left > 0 ? ["\(name): its image has \(left.counted("more label")) that this fairlead does not know"] : [])
    }

    private var vainLabels: [String] {
        let labels = ImageLabel.Key.allCases.filter { container.leavesOpen($0) && image.labels[$0.label] != nil }
        guard !labels.isEmpty else { return [] }
        return [
            "\(name): the label\(labels.count == 1 ? "" : "s") \(labels.map(\.label).quotedList) of its image "
                + "\(labels.count == 1 ? "counts" : "count") for nothing: 'policy.imageContract' is off on this VSN"
        ]
    }
}
