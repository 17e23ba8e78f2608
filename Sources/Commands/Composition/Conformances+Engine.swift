public import Deploying
public import PodmanEngine

extension PodmanEngine: ImageSupply {}
extension PodmanEngine: ContainerControl {}
extension PodmanEngine: ContainerInsight {}
extension PodmanEngine: NetworkControl {}
